// Chooses a mount's next file: one in the format with most of the playing time, or that was converted to it. For a disk
// thread only.
import { describeFormat, type StreamFormat } from "../format/frame.ts";
import { systemClock } from "../lib/clock.ts";
import { artistKey, keyOfArtist } from "./artist-key.ts";
import type { Kept, Played } from "./catalogue-calls.ts";
import type { Converted } from "./converter.ts";
import {
  dropCopy,
  type Entry,
  formOf,
  isUnknown,
  type Playable,
  playableOf,
  playedAs,
  type PlayForm,
  refusalOf,
  sourceOf,
} from "./entry.ts";
import { targetOf } from "./format-choice.ts";
import { FormatElection } from "./format-election.ts";
import { isThere, type Library, versionOf } from "./library.ts";
import { ListedOrder, type PlayOrder, SequentialOrder, sorted } from "./order.ts";
import { ShuffledOrder } from "./shuffle.ts";
import type { Choice, Chosen, Work } from "./state.ts";

/** Measuring time per request for the next track: a few new files are known at once. */
const MEASURE_MS = 5;

/** Tracks ahead that are converted before their turn. */
const AHEAD = 4;

interface Given {
  readonly entry: Entry;
  readonly version: string;
  readonly copy: Converted | null;
}

export class Selection {
  readonly #order: PlayOrder;
  #sorted: readonly string[] = [];
  #seen = -1;
  readonly #election: FormatElection;
  /** The result of `played`, until its format or the choice changes. */
  #form: PlayForm | null = null;
  /** The last result of next(). */
  #given: Given | null = null;
  /** Files that people want next, before the order's. */
  #wanted: string[] = [];
  /** Files tried during one search: each is tried once. */
  #tried = new Set<string>();
  /** Files of this search that are not converted yet. */
  #unready: string[] = [];
  /** Where the songs of this round were when they were played: a renamed file is no other song. */
  readonly #played = new Map<string, string>();
  #round = 0;

  constructor(
    readonly library: Library,
    public choice: Choice,
    random: () => number,
  ) {
    this.#election = new FormatElection(library);
    const artistOf = (path: string) => artistKey(this.library.entries.get(path));
    const tracks = choice.artistSeparation;
    if (choice.shuffle) this.#order = new ShuffledOrder(random, { tracks, artistOf });
    else this.#order = choice.file === "" ? new SequentialOrder() : new ListedOrder();
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
    this.#form = null;
  }

  get directory(): string {
    return this.choice.directory;
  }

  /** The format that plays here. */
  get format(): StreamFormat | null {
    return this.choice.required ?? this.#election.format;
  }

  /** How files play here; null before the format is decided. */
  get played(): PlayForm | null {
    const { format } = this;
    if (format === null) return null;
    if (this.#form?.format !== format)
      this.#form = { format, form: formOf(targetOf(format, this.choice)) };
    return this.#form;
  }

  /** Why a file does not play on this mount; null if it does, as far as known. */
  whyNot(entry: Entry): string | null {
    const { why, measure, isForeign, refusal } = entry;
    if (why !== null && !isForeign) return why;
    const { format, played } = this;
    if (played !== null && playedAs(entry, played) !== null) return null;
    const canConvert = played !== null && played.form !== "";
    if (canConvert && (isForeign || measure !== null)) return refusalOf(entry, played.form);
    if (measure === null) return isForeign && this.#mayConvert ? refusal : why;
    const its = describeFormat(measure.format);
    const { format: codec } = this.choice;
    if (codec !== "auto" && codec !== measure.format.codec) return `it is ${its}, not ${codec}`;
    return format === null ? null : `it is ${its}, the mount is ${describeFormat(format)}`;
  }

  /** Before the format is decided. */
  get #mayConvert(): boolean {
    return this.format === null && this.choice.canConvert;
  }

  /** The file of the last result of next(). */
  get given(): string | null {
    return this.#given?.entry.path ?? null;
  }

  upcoming(count: number): readonly string[] {
    const missed = this.#missed === null ? [] : [this.#missed];
    return [...this.#wanted, ...missed, ...this.#order.upcoming(count)].slice(0, count);
  }

  /** What next() gives, unless something changes; null if none of the next tracks can be played now. */
  get coming(): Playable | null {
    for (const path of this.upcoming(AHEAD)) {
      const entry = this.library.entries.get(path);
      const played =
        entry === undefined || this.whyNot(entry) !== null ? null : this.#playedAs(entry);
      if (entry !== undefined && played !== null) return playableOf(entry, played.copy);
    }
    return null;
  }

  /** What a converter should do next: analyse files that it has to know, and convert those that play soon. */
  get work(): Work {
    const { canConvert, isLevelled } = this.choice;
    const { format, played } = this;
    const target = targetOf(format, this.choice);
    if (!canConvert && !isLevelled) return { target, convert: [], analyse: [] };
    const soon = new Set([...this.upcoming(AHEAD), ...this.#order.missed.slice(0, AHEAD)]);
    const ahead = [...soon].flatMap((path) => this.library.entries.get(path) ?? []);
    const misfits = ahead.filter((entry) => played === null || playedAs(entry, played) === null);
    const convert = misfits.filter((entry) => entry.measure !== null || entry.analysis !== null);
    const all = [...ahead, ...this.library.unknown(AHEAD, this.choice)];
    const analyse = [...new Set(all)].filter((entry) => isUnknown(entry, this.choice));
    return { target, convert: convert.map(sourceOf), analyse: analyse.map(sourceOf) };
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
    this.#order.update(this.#arranged(paths));
  }

  /** The files as their order wants them. */
  #arranged(paths: string[]): readonly string[] {
    const { shuffle, file } = this.choice;
    if (shuffle) return paths;
    const { ranks } = this.library;
    if (file !== "") return paths.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
    this.#sorted = sorted(paths, this.#sorted);
    return this.#sorted;
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
      const path = this.#wanted.shift() ?? this.#takeMissed() ?? this.#order.next();
      if (path === null || this.#tried.has(path)) return this.#give(null);
      this.#tried.add(path);
      const given = await this.#try(path);
      if (given !== null) return this.#give(given);
    } while (systemClock.nowMs() < untilMs);
    return undefined;
  }

  /** A file that could not be played in its turn, and can now. null without one, and if that is the order's next. */
  get #missed(): string | null {
    const path = this.#order.missed.find((file) => this.#isReady(file)) ?? null;
    return path === this.#order.upcoming(1)[0] ? null : path;
  }

  #takeMissed(): string | null {
    const path = this.#missed;
    if (path !== null) this.#order.take(path, false);
    return path;
  }

  #isReady(path: string): boolean {
    const entry = this.library.entries.get(path);
    if (entry === undefined || this.whyNot(entry) !== null) return false;
    return this.#playedAs(entry) !== null && !this.#tried.has(path);
  }

  /** The file is the next result of next(); false if it does not play here, or not yet. */
  playNext(entry: Entry): boolean {
    if (this.whyNot(entry) !== null || this.#playedAs(entry) === null) return false;
    this.#wanted = [...this.#wanted.filter((path) => path !== entry.path), entry.path];
    this.#order.take(entry.path, true);
    return true;
  }

  async #try(path: string): Promise<Given | null> {
    const entry = this.library.entries.get(path);
    if (entry === undefined) return null;
    const version = versionOf(path);
    await this.library.renew(entry);
    if (this.whyNot(entry) !== null) return null;
    const played = this.#playedAs(entry);
    if (played?.copy === null) return { entry, version, copy: null };
    if (played !== null && isThere(played.path)) return { entry, version, copy: played.copy };
    dropCopy(entry, this.played?.form ?? "");
    this.#unready.push(path);
    return null;
  }

  /** The file, its copy in the mount's format, or null until there is one. */
  #playedAs(entry: Entry): ReturnType<typeof playedAs> {
    const { played } = this;
    // Opening a file shows more than a look at it.
    const isOpen = entry.measure === null || played === null;
    if (isOpen && !entry.isForeign) return { path: entry.path, copy: null };
    return played === null ? null : playedAs(entry, played);
  }

  /** Skips the last result of next() until it changes; of a converted file, that copy. */
  reject(why: string): void {
    if (this.#given === null) return;
    const { entry, version, copy } = this.#given;
    if (copy !== null) dropCopy(entry, this.played?.form ?? "");
    else this.library.reject(entry, version, why);
  }

  #give(given: Given | null): Chosen | null {
    this.#tried = new Set();
    for (const path of this.#unready.splice(0)) this.#order.putBack(path);
    this.#given = given ?? this.#given;
    return given === null ? null : this.#chosen(given);
  }

  #chosen({ entry, copy }: Given): Chosen {
    const { place } = this.#order;
    if (place.round !== this.#round) this.#played.clear();
    this.#round = place.round;
    const content = entry.measure?.content ?? "";
    if (content !== "") this.#played.set(content, entry.path);
    return { ...playableOf(entry, copy), content, place };
  }

  /** True if the format is decided, or cannot be. */
  async #decide(untilMs: number): Promise<boolean> {
    const { format, choice } = this;
    const election = this.#election;
    const isDecided = format !== null || (await election.sample(choice, untilMs));
    if (format !== null && choice.required === null && this.library.isMeasured)
      election.reconsider(format, choice);
    if (this.format !== format) this.#seen = -1;
    return isDecided;
  }
}
