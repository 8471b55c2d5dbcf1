// A playlist directory's files: a disk thread scans, measures and chooses them; this class queries it and reports changes.
import type { PlaylistConfig } from "../../config/config.ts";
import type { Disk } from "../../disk/disk.ts";
import { describeFormat, sameFormat, type StreamFormat } from "../../format/frame.ts";
import type { Log } from "../../lib/log.ts";
import { shownPath } from "../../lib/path-text.ts";
import { isInside } from "../../lib/shipped.ts";
import { within } from "../../lib/within.ts";
import { relative } from "node:path";
import type { Playable } from "../../library/entry.ts";
import type { Catalogue } from "../../library/catalogue.ts";
import {
  type Choice,
  type Chosen,
  type LibraryCall,
  type LibraryReply,
  type LibraryState,
  NO_STATE,
} from "../../library/state.ts";
import { Conversions, type Copying } from "./conversions.ts";
import { GivenTracks } from "./given-tracks.ts";
import { PlaylistMemory } from "./playlist-memory.ts";
import { PlaylistNews } from "./playlist-news.ts";
import { ScanClock } from "./scan-clock.ts";

/** The longest wait of the first track for the history from before a restart, which may be on a slow disk. */
const MAX_RESTORE_MS = 250;

/** Between two slices of measuring, which nobody waits for. */
const MEASURE_PAUSE_MS = 60;

export class Playlist {
  /** The only format that the mount accepts; null: the format of most of the playing time. */
  required: StreamFormat | null = null;
  /** Called when the number of playable or skipped files changes. */
  onChanged: () => void = () => undefined;
  #state = NO_STATE;
  #looking: Promise<void> | null = null;
  #lookingNext: Promise<void> | null = null;
  #measuring: ReturnType<typeof setTimeout> | undefined;
  /** What next() gave lately, the last one last. */
  readonly #given = new GivenTracks();
  #restoring: Promise<void> | null = null;
  readonly #memory: PlaylistMemory | null;
  readonly #conversions: Conversions | null;
  #isClosed = false;
  #isKnown = false;
  readonly #news: PlaylistNews;
  readonly scan: ScanClock;

  constructor(
    readonly config: PlaylistConfig,
    private readonly log: Log,
    readonly disk: Disk,
    /** The mount's path, since several mounts may play from one directory. */
    private readonly mount = "",
    /** Keeps measurements and history across restarts; null if nothing is kept. */
    catalogue: Catalogue | null = null,
    /** null: files in other formats are skipped. */
    readonly copying: Copying | null = null,
  ) {
    this.#news = new PlaylistNews(config, log);
    this.scan = new ScanClock(log);
    const send = (call: LibraryCall) => this.#send(call);
    const choice = () => this.choice;
    // The shipped tracks inside the executable need no memory.
    this.#memory =
      catalogue === null || isInside(config.directory)
        ? null
        : new PlaylistMemory(catalogue, config, mount, choice, send);
    this.#conversions =
      copying === null ? null : new Conversions(copying.converter, log, choice, send);
  }

  /** The first scan is complete. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Playable files at the last scan. */
  get count(): number {
    return this.#state.count;
  }

  get skippedCount(): number {
    return this.#state.skippedCount;
  }

  /** Names of skipped files; possibly truncated. */
  get skipped(): readonly string[] {
    return this.#state.skipped.map(([name]) => name);
  }

  /** Skipped files with reasons; possibly truncated. */
  get reasons(): ReadonlyMap<string, string> {
    return new Map(this.#state.skipped);
  }

  /** Folders that the last scan could not read, with the system's error code; possibly truncated. */
  get unreadable(): ReadonlyMap<string, string> {
    return new Map(this.#state.unreadable);
  }

  get unreadableCount(): number {
    return this.#state.unreadableCount;
  }

  get silent(): readonly string[] {
    return this.#state.silent;
  }

  /** Number of files with other extensions, by extension. */
  get passedOver(): ReadonlyMap<string, number> {
    return new Map(this.#state.passedOver);
  }

  /** Folders nested too deep to be read; possibly truncated. */
  get tooDeep(): readonly string[] {
    return this.#state.tooDeep;
  }

  /** The directory has more entries than the scan's limit. */
  get isCutOff(): boolean {
    return this.#state.isCutOff;
  }

  get unansweredSeconds(): number {
    return this.disk.silentSeconds;
  }

  /** The format that plays; null while unknown. */
  get format(): StreamFormat | null {
    return this.#state.format;
  }

  get state(): LibraryState {
    return this.#state;
  }

  /** Asks what has changed. Never rejects. */
  refresh(): Promise<void> {
    return this.#send({ call: "recall", choice: this.choice, rows: [] });
  }

  /** Names of what next() gives, at most so many, as far as it is known. */
  upcoming(count: number): readonly string[] {
    return this.#state.upcoming.slice(0, count);
  }

  /** Scans for new, removed and changed files. Rejects if the disk thread fails. */
  async look(): Promise<void> {
    this.#restoring ??= this.#memory?.restore() ?? Promise.resolve();
    // A scan in progress may already be past a new file.
    if (this.#looking === null) return this.#startLook();
    this.#lookingNext ??= this.#looking
      .catch(() => undefined)
      .then(() => {
        this.#lookingNext = null;
        return this.#startLook();
      });
    return this.#lookingNext;
  }

  /** The next track, or null if there is none. */
  async next(): Promise<Chosen | null> {
    await within(MAX_RESTORE_MS, this.#restoring ?? Promise.resolve());
    const next = await this.#ask({ call: "next", choice: this.choice }, true);
    if (next === null) return null;
    const recalled = (await this.#memory?.measured(next)) ?? next;
    const chosen = (await this.#conversions?.measured(recalled)) ?? recalled;
    this.#given.add(chosen);
    return chosen;
  }

  /** Records that a result of next() is on air: after a restart, other tracks come first. */
  heard(path: string): void {
    const chosen = this.#given.get(path);
    if (chosen === null) return;
    this.#memory?.heard(chosen);
    if (chosen.source !== path) this.copying?.converter.touch(path);
  }

  /** Skips the last result of next() until it changes, and logs why. */
  reject(why: string): void {
    const name = this.nameOf(this.#given.last);
    this.log.warn(`${name} is skipped: ${why}`);
    const { count, skippedCount, skipped } = this.#state;
    const state = { count: count - 1, skippedCount: skippedCount + 1 };
    this.#state = { ...this.#state, ...state, skipped: [...skipped, [name, why]] };
    this.onChanged();
    void this.#send({ call: "reject", choice: this.choice, why });
  }

  /** The last result of next() cannot be played at the moment: it gets another turn in the next round. */
  pass(why: string): void {
    this.log.repeated(`${this.nameOf(this.#given.last)} is passed over: ${why}`);
  }

  /** A file's name in logs and on pages: its path below the directory. */
  nameOf(path: string): string {
    return relative(this.config.directory, shownPath(this.sourceOf(path)));
  }

  /** The original file of a result of next(), whose path may be that of a converted copy. */
  sourceOf(path: string): string {
    return this.chosen(path)?.source ?? path;
  }

  /** The recent result of next() with this path. */
  chosen(path: string): Chosen | null {
    return this.#given.get(path);
  }

  /** The disk to read a result of next() from. */
  diskOf({ path, source }: Playable): Disk {
    return path === source || this.copying === null ? this.disk : this.copying.disk;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#measuring);
    this.#memory?.close();
  }

  /** Never rejects. */
  async #send(call: LibraryCall): Promise<void> {
    try {
      // Audio may be waiting, but not for what is known about files.
      await this.#ask(call, call.call !== "recall");
    } catch (error) {
      this.log.repeated(`the playlist's disk fails: ${String(error)}`);
    }
  }

  get choice(): Choice {
    const { mount, required, config } = this;
    const canCopy = this.copying !== null && !isInside(config.directory);
    const canConvert = canCopy && this.copying?.hasCache === true;
    const isLevelled = canCopy && (config.loudness !== "off" || config.crossfade > 0);
    return { ...config, mount, required, canConvert, isLevelled };
  }

  async #startLook(): Promise<void> {
    this.#looking = this.#ask({ call: "look", choice: this.choice }, false).then(() => undefined);
    try {
      await this.#looking;
      this.#isKnown = true;
    } finally {
      this.#looking = null;
    }
    this.#measureLater();
  }

  /** Repeats a call until it is done; calls of others run in between. */
  async #ask(call: LibraryCall, isUrgent: boolean): Promise<Chosen | null> {
    while (!this.#isClosed) {
      const reply = (await this.disk.ask(call, isUrgent)) as LibraryReply;
      if (reply.state !== null) this.#take(reply.state);
      if (reply.isDone) return reply.chosen;
    }
    return null;
  }

  #take(state: LibraryState): void {
    const { format } = this.#state;
    const before = this.#state;
    this.#state = state;
    this.#news.report(state);
    this.scan.follow(state.progress);
    this.#memory?.keep(state.news);
    if (!this.#isClosed) this.#conversions?.follow(state.work);
    const isSame = state.count === before.count && state.skippedCount === before.skippedCount;
    if (!isSame || state.next !== before.next) this.onChanged();
    if (format === null || state.format === null || sameFormat(format, state.format)) return;
    this.log.info(
      `most of the playlist is ${describeFormat(state.format)}: that plays from here on`,
    );
  }

  #measureLater(): void {
    const { isMeasured, hasNews } = this.#state;
    if ((isMeasured && !hasNews) || this.#isClosed) return;
    clearTimeout(this.#measuring);
    this.#measuring = setTimeout(() => void this.#measure(), MEASURE_PAUSE_MS);
    this.#measuring.unref();
  }

  /** Measures one slice, then pauses for longer than the slice took. */
  async #measure(): Promise<void> {
    try {
      const call = { call: "measure", choice: this.choice } as const;
      const reply = (await this.disk.ask(call, false)) as LibraryReply;
      if (reply.state !== null) this.#take(reply.state);
    } catch (error) {
      this.log.debug(`a file could not be measured: ${String(error)}`);
    }
    this.#measureLater();
  }
}
