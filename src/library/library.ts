// The tracks of one directory: their versions, formats, and why some cannot be played. For a disk thread only.
import { lstatSync, statSync } from "node:fs";
import { systemClock } from "../lib/clock.ts";
import { systemPath } from "../lib/path-text.ts";
import type { Analysis, Source } from "./converter.ts";
import { type Curiosity, type Entry, forget, isUnknown, newEntry, type PlayForm } from "./entry.ts";
import { measureFile, type Measure } from "./measure.ts";
import { isPlaylistFile } from "./playlist-file.ts";
import { failureOf, ForeignError } from "./playable.ts";
import { type Row, sharedFormat, stampOf } from "./row.ts";
import { infoOf, type TrackInfo } from "./track-info.ts";
import { Walk } from "./walk.ts";

type Unseen = Pick<
  Walk,
  "unreadable" | "unreadableCount" | "passedOver" | "tooDeep" | "isCutOff" | "missing"
>;

const NOTHING_UNSEEN: Unseen = {
  unreadable: new Map(),
  unreadableCount: 0,
  passedOver: new Map(),
  tooDeep: [],
  isCutOff: false,
  missing: new Map(),
};

export class Library {
  readonly entries = new Map<string, Entry>();
  /** Places in a playlist file; empty for a directory. */
  readonly ranks = new Map<string, number>();
  /** What the last scan left out. */
  unseen = NOTHING_UNSEEN;
  /** Incremented when entries come, go or change. */
  generation = 0;
  readonly #extensions: ReadonlySet<string>;
  #walk: Walk | null = null;
  /** Entries that the scan still has to compare with their files. */
  #doubtful: Entry[] | null = null;
  readonly #unmeasured: Entry[] = [];
  /** What the catalogue knows about files that were not seen yet, by path. */
  readonly #recalled = new Map<string, Row>();
  /** By content: an analysis outlasts a new name. */
  readonly #analyses = new Map<string, Analysis>();
  /** What it does not know yet. */
  readonly #news = new Set<Entry>();
  #gone: string[] = [];

  constructor(
    /** A directory, or a playlist file. */
    private readonly root: string,
    extensions: readonly string[],
    private readonly random: () => number,
  ) {
    this.#extensions = new Set(extensions);
  }

  /** The files measured so far are a fair sample: they are measured in random order. */
  get isMeasured(): boolean {
    return this.#unmeasured.length === 0;
  }

  /** Files whose measurement is over. */
  get measured(): number {
    return Math.max(0, this.entries.size - this.#unmeasured.length);
  }

  info(path: string, directory: string, played: PlayForm | null): TrackInfo | null {
    const entry = this.entries.get(path);
    return entry === undefined ? null : infoOf(entry, directory, played);
  }

  /** Scans for new, changed and removed files; true when done. */
  async look(untilMs: number): Promise<boolean> {
    if (this.#doubtful === null && !this.#walkOn(untilMs)) return false;
    const doubtful = this.#doubtful ?? [];
    for (let entry = doubtful.pop(); entry !== undefined; entry = doubtful.pop()) {
      if (versionOf(entry.path) !== entry.version) this.#forget(entry);
      if (systemClock.nowMs() >= untilMs) return false;
    }
    this.#doubtful = null;
    return true;
  }

  /** Uses a first scan's partial result: a share may take minutes over a large folder. */
  takeEarly(): void {
    if (this.entries.size > 0 || this.#walk === null) return;
    for (const path of this.#walk.files) this.#add(path);
  }

  /** Measures files in random order; true if none is left. */
  async measureOn(untilMs: number): Promise<boolean> {
    while (!this.isMeasured && systemClock.nowMs() < untilMs) await this.#measureNext();
    return this.isMeasured;
  }

  /** Measures one file if it is new or changed. */
  async renew(entry: Entry): Promise<void> {
    const version = versionOf(entry.path);
    if (entry.version === version && (entry.measure !== null || entry.why !== null)) return;
    await this.#measure(entry, version);
  }

  /** Skips the file until its version changes. */
  reject(entry: Entry, version: string, why: string): void {
    entry.version = version;
    entry.why = why;
    this.generation++;
  }

  /** Takes what the catalogue knows: a file that has not changed is not read again. */
  recall(rows: readonly Row[]): void {
    for (const row of rows) {
      const { path, measure, analysis } = row;
      if (measure !== null && analysis !== null) this.#analyses.set(measure.content, analysis);
      const entry = this.entries.get(path);
      if (entry === undefined || entry.version === "") this.#recalled.set(path, row);
      // It was measured anew before its row came.
      else if (entry.measure?.content === measure?.content) entry.analysis ??= analysis;
    }
  }

  /** takeNews() has more. */
  get hasNews(): boolean {
    return this.#news.size + this.#gone.length > 0;
  }

  /** Files that the catalogue does not have yet, at most `count`; each once. */
  takeNews(count: number): { readonly rows: Row[]; readonly gone: string[] } {
    const rows: Row[] = [];
    for (const entry of this.#news) {
      if (rows.length >= count) break;
      this.#news.delete(entry);
      if (this.entries.get(entry.path) === entry) rows.push(rowOf(entry));
    }
    return { rows, gone: this.#gone.splice(0, count) };
  }

  /** The catalogue has been emptied. */
  resend(): void {
    for (const entry of this.entries.values()) if (isKnown(entry)) this.#news.add(entry);
  }

  /** Takes a converter's answer about a version of a file, unless the file has changed since. True if that may
   * change what plays. */
  learn({ path, version }: Source, learn: (entry: Entry) => Partial<Entry>): boolean {
    const entry = this.entries.get(path);
    if (entry === undefined || stampOf(entry.version) !== version) return false;
    const learned = learn(entry);
    Object.assign(entry, learned);
    const { measure, analysis } = entry;
    if (measure !== null && analysis !== null) this.#analyses.set(measure.content, analysis);
    if (learned.analysis !== undefined) this.#news.add(entry);
    const isOfSound = learned.analysis !== undefined && measure !== null;
    if (!isOfSound) this.generation++;
    return !isOfSound;
  }

  /** Files that only a converter can say something about, at most `count`. */
  unknown(count: number, wanted: Curiosity): Entry[] {
    const found: Entry[] = [];
    for (const entry of this.entries.values()) {
      if (found.length >= count) break;
      if (isUnknown(entry, wanted)) found.push(entry);
    }
    return found;
  }

  #walkOn(untilMs: number): boolean {
    this.#walk ??= new Walk(this.root, this.#extensions);
    if (!this.#walk.goOn(untilMs)) return false;
    this.#apply(this.#walk);
    this.#walk = null;
    return true;
  }

  #apply(walk: Walk): void {
    this.unseen = walk;
    const here = new Set(walk.files);
    if (isPlaylistFile(this.root)) this.#rank(here);
    for (const path of this.entries.keys()) if (!here.has(path)) this.#remove(path);
    for (const path of here) if (!this.entries.has(path)) this.#add(path);
    const { files } = walk;
    files.length = 0;
    this.#doubtful = [...this.entries.values()].filter(({ why }) => why !== null);
  }

  #rank(paths: ReadonlySet<string>): void {
    let rank = 0;
    this.ranks.clear();
    for (const path of paths) this.ranks.set(path, rank++);
    this.generation++;
  }

  #add(path: string): void {
    const entry = newEntry(path);
    this.entries.set(path, entry);
    this.#unmeasured.push(entry);
    this.generation++;
  }

  #remove(path: string): void {
    this.entries.delete(path);
    this.#gone.push(path);
    this.generation++;
  }

  /** A new version gets another try. */
  #forget(entry: Entry): void {
    forget(entry);
    this.#unmeasured.push(entry);
    this.generation++;
  }

  async #measureNext(): Promise<void> {
    const last = this.#unmeasured.length - 1;
    const at = Math.floor(this.random() * (last + 1));
    const entry = this.#unmeasured[at];
    const moved = this.#unmeasured.pop();
    if (entry === undefined || moved === undefined) return;
    if (at < last) this.#unmeasured[at] = moved;
    const isWanted = this.entries.get(entry.path) === entry && entry.measure === null;
    if (isWanted && entry.why === null) await this.#measure(entry, versionOf(entry.path));
  }

  async #measure(entry: Entry, version: string): Promise<void> {
    const row = this.#recalled.get(entry.path);
    this.#recalled.delete(entry.path);
    forget(entry);
    entry.version = version;
    if (row?.stamp === stampOf(version)) restore(entry, row);
    else await this.#measureAnew(entry);
    this.generation++;
  }

  async #measureAnew(entry: Entry): Promise<void> {
    try {
      entry.measure = withSharedFormat(await measureFile(entry.path));
      entry.analysis = this.#analyses.get(entry.measure?.content ?? "") ?? null;
    } catch (error) {
      const { why, isLasting } = failureOf(error);
      // A passing error is retried.
      if (isLasting) entry.why = why;
      entry.isForeign = error instanceof ForeignError;
    }
    if (isKnown(entry)) this.#news.add(entry);
  }
}

/** The catalogue keeps it: an unreadable file is tried again after a restart. */
function isKnown({ measure, isForeign }: Entry): boolean {
  return measure !== null || isForeign;
}

function rowOf({ path, version, measure, why, isForeign, analysis }: Entry): Row {
  return { path, stamp: stampOf(version), measure, foreign: isForeign ? why : null, analysis };
}

function restore(entry: Entry, { measure, foreign, analysis }: Row): void {
  entry.measure = withSharedFormat(measure);
  entry.why = foreign;
  entry.isForeign = foreign !== null;
  entry.analysis = analysis;
}

/** One object per format: a hundred thousand entries share few. */
function withSharedFormat(measure: Measure | null): Measure | null {
  return measure === null ? null : { ...measure, format: sharedFormat(measure.format) };
}

export function versionOf(path: string): string {
  try {
    // A change of permissions only changes ctime.
    const { size, mtimeMs, ctimeMs, ino } = statOf(path);
    return `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
  } catch {
    // Vanished or out of reach: whatever comes back is a new version.
    return "gone";
  }
}

/** For a broken or circular link, the link itself. */
function statOf(path: string) {
  const system = systemPath(path);
  return statSync(system, { throwIfNoEntry: false }) ?? lstatSync(system);
}

export function isThere(path: string): boolean {
  return statSync(systemPath(path), { throwIfNoEntry: false })?.isFile() ?? false;
}
