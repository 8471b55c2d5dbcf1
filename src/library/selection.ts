// Chooses a mount's next file: one in the format with most of the playing time. For a disk thread only.
import { describeFormat, sameFormat, type StreamFormat } from "../format/frame.ts";
import { systemClock } from "../lib/clock.ts";
import { type Entry, type Library, versionOf } from "./library.ts";
import { isOutdone, majority } from "./majority.ts";
import type { Measure } from "./measure.ts";
import { compareNames, type PlayOrder, SequentialOrder } from "./order.ts";
import { ShuffledOrder } from "./shuffle.ts";
import type { Kept, Played } from "./catalogue-calls.ts";
import type { Choice, Chosen } from "./state.ts";

/** The first track waits for this many measured files, or this long: then the sample decides. Slow network
 * shares give a smaller sample. */
const SAMPLE = 20;
const SAMPLE_MS = 400;
const MAX_SAMPLE_MS = 2000;

/** Measuring time per request for the next track: a few new files are known at once. */
const MEASURE_MS = 5;

const FEATURED = / (?:feat|ft|featuring)\b|\/|,/;

export class Selection {
  readonly #order: PlayOrder;
  #sorted: readonly string[] = [];
  #seen = -1;
  #format: StreamFormat | null = null;
  /** Time of the request for the first track. */
  #askedMs: number | null = null;
  /** The last result of next(), with its version. */
  #given: { readonly entry: Entry; readonly version: string } | null = null;
  /** Files tried during one search: each is tried once. */
  #tried = new Set<string>();
  /** Where the songs of this round were when they were played: a renamed file is no other song. */
  readonly #played = new Map<string, string>();
  #round = 0;

  constructor(
    readonly library: Library,
    private choice: Choice,
    random: () => number,
  ) {
    const artistOf = (path: string) => artistKey(this.library.entries.get(path));
    const tracks = choice.artistSeparation;
    this.#order = choice.shuffle
      ? new ShuffledOrder(random, { tracks, artistOf })
      : new SequentialOrder();
  }

  /** Goes on where the order was before a restart. */
  restore({ place, artists }: Kept, played: Played): void {
    for (const [path, content] of played) this.#played.set(content, path);
    this.#round = place.round;
    this.#order.restore(place, new Set(played.map(([path]) => path)), artists.map(keyOfArtist));
    this.#seen = -1;
  }

  /** The mount's settings may change, such as its required format. */
  wish(choice: Choice): void {
    if (choice.required !== this.choice.required) this.#seen = -1;
    this.choice = choice;
  }

  get directory(): string {
    return this.choice.directory;
  }

  /** The format that plays here. */
  get format(): StreamFormat | null {
    return this.choice.required ?? this.#format;
  }

  /** Why a file does not play on this mount; null if it does, as far as known. */
  whyNot({ why, measure }: Entry): string | null {
    if (why !== null || measure === null) return why;
    const its = describeFormat(measure.format);
    if (!this.#isCodec(measure)) return `it is ${its}, not ${this.choice.format}`;
    const { format } = this;
    if (format === null || sameFormat(measure.format, format)) return null;
    return `it is ${its}, the mount is ${describeFormat(format)}`;
  }

  /** The last result of next(). */
  get given(): string | null {
    return this.#given?.entry.path ?? null;
  }

  upcoming(count: number): readonly string[] {
    return this.#order.upcoming(count);
  }

  /** Follows changes of the library and the chosen format. */
  follow(): void {
    if (this.#seen === this.library.generation) return;
    this.#seen = this.library.generation;
    const paths: string[] = [];
    for (const entry of this.library.entries.values()) {
      if (this.whyNot(entry) !== null) continue;
      paths.push(entry.path);
      if (this.#isMoved(entry)) this.#order.take(entry.path, false);
    }
    if (!this.choice.shuffle) this.#sorted = sorted(paths, this.#sorted);
    this.#order.update(this.choice.shuffle ? paths : this.#sorted);
  }

  /** The file was played in this round under a name that it has no longer. */
  #isMoved({ path, measure }: Entry): boolean {
    const before = measure === null ? undefined : this.#played.get(measure.content);
    if (before === undefined || before === path || this.library.entries.has(before)) return false;
    this.#played.set(measure?.content ?? "", path);
    return true;
  }

  /** The next track, null if there is none, undefined if another call is needed. */
  async next(untilMs: number): Promise<Chosen | null | undefined> {
    this.library.takeEarly();
    await this.library.measureOn(Math.min(untilMs, systemClock.nowMs() + MEASURE_MS));
    if (!(await this.#decide(untilMs))) return undefined;
    this.follow();
    do {
      const path = this.#order.next();
      if (path === null || this.#tried.has(path)) return this.#give(null);
      this.#tried.add(path);
      const entry = this.library.entries.get(path);
      if (entry === undefined) continue;
      const version = versionOf(path);
      await this.library.renew(entry);
      if (this.whyNot(entry) === null) return this.#give({ entry, version });
    } while (systemClock.nowMs() < untilMs);
    return undefined;
  }

  /** Skips the last result of next() until it changes. */
  reject(why: string): void {
    if (this.#given !== null) this.library.reject(this.#given.entry, this.#given.version, why);
  }

  #give(given: { readonly entry: Entry; readonly version: string } | null): Chosen | null {
    this.#tried = new Set();
    this.#given = given ?? this.#given;
    return given === null ? null : this.#chosen(given.entry);
  }

  #chosen({ path, measure }: Entry): Chosen {
    const { place } = this.#order;
    if (place.round !== this.#round) this.#played.clear();
    this.#round = place.round;
    const { tags = null, seconds = null, content = "" } = measure ?? {};
    if (content !== "") this.#played.set(content, path);
    return { path, tags, seconds, content, place };
  }

  /** True if the format is decided, or cannot be. */
  async #decide(untilMs: number): Promise<boolean> {
    const { format } = this;
    if (format === null) return this.#sample(untilMs);
    if (this.choice.required === null && this.library.isMeasured) this.#reconsider(format);
    return true;
  }

  async #sample(untilMs: number): Promise<boolean> {
    this.#askedMs ??= systemClock.nowMs();
    const isAll = await this.library.measureOn(untilMs);
    const measures = [...this.#measures()];
    const tookMs = systemClock.nowMs() - this.#askedMs;
    const isFair = measures.length >= SAMPLE && tookMs >= SAMPLE_MS;
    const isLate = measures.length > 0 && tookMs >= MAX_SAMPLE_MS;
    if (!isAll && !isFair && !isLate) return false;
    this.#choose(majority(measures));
    return true;
  }

  #reconsider(chosen: StreamFormat): void {
    const leader = majority(this.#measures());
    if (leader !== null && isOutdone(chosen, leader, this.#measures())) this.#choose(leader);
  }

  #choose(format: StreamFormat | null): void {
    this.#format = format;
    this.#seen = -1;
  }

  *#measures(): Iterable<Measure> {
    for (const { measure, why } of this.library.entries.values()) {
      if (measure !== null && why === null && this.#isCodec(measure)) yield measure;
    }
  }

  #isCodec({ format }: Measure): boolean {
    return this.choice.format === "auto" || this.choice.format === format.codec;
  }
}

/** "" if unknown. A featured artist makes no difference. */
function artistKey(entry: Entry | undefined): string {
  return keyOfArtist(entry?.measure?.tags?.artist ?? "");
}

function keyOfArtist(artist: string): string {
  const [main = ""] = artist.normalize("NFC").toLowerCase().split(FEATURED);
  return main.trim();
}

/** Sorted by name, starting from the previous order: comparing names is expensive, and few are new. */
function sorted(files: readonly string[], before: readonly string[]): readonly string[] {
  const here = new Set(files);
  const known = new Set(before);
  const kept = before.filter((file) => here.has(file));
  const added = files.filter((file) => !known.has(file)).sort(compareNames);
  return added.length === 0 ? kept : [...kept, ...added].sort(compareNames);
}
