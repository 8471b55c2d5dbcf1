// Pure: a shuffle that plays all files before any repeats and keeps the tracks of one artist apart. A round's order
// follows from its seed, and its seed from the round before: it goes on after a restart, and is known ahead.
import type { Place, PlayOrder } from "./order.ts";

const SEEDS = 2 ** 32;

export interface Separation {
  /** Tracks between two of one artist, where the files allow it. */
  readonly tracks: number;
  /** "" if unknown: such tracks are not kept apart. */
  artistOf(file: string): string;
}

const NO_SEPARATION: Separation = { tracks: 0, artistOf: () => "" };

export class ShuffledOrder implements PlayOrder {
  /** What is put back takes a place in the rest of the round. */
  readonly missed = [];
  #files: readonly string[] = [];
  /** The rest of this round by hash, next one last: removing from the end is free. */
  #bag: string[] = [];
  /** Files that come next, already out of the bag. */
  #plan: string[] = [];
  /** Artists of the files that went before the end of the plan, the latest last. */
  #artists: string[] = [];
  /** Files in the bag by artist; null while it has to be counted. */
  #left: Map<string, number> | null = null;
  /** Played in this round, removed files included: a file that comes back is not new. */
  #played = new Set<string>();
  #last: string | null = null;
  #seed: number;
  #round = 0;
  /** The next round, as it will be unless something changes; null until it is asked for. */
  #following: ShuffledOrder | null = null;

  /** `random` returns 0 <= x < 1. */
  constructor(
    random: () => number,
    private readonly separation = NO_SEPARATION,
  ) {
    this.#seed = Math.floor(random() * SEEDS);
  }

  get place(): Place {
    return { seed: this.#seed, round: this.#round, last: this.#last };
  }

  /** Removed files leave the bag; new ones take a place in the rest of the round. */
  update(files: readonly string[]): void {
    this.#files = files;
    this.#dropPlan();
    const here = new Set(files);
    this.#bag = this.#bag.filter((file) => here.has(file));
    const waiting = new Set(this.#bag);
    const added = files.filter((file) => !waiting.has(file) && !this.#played.has(file));
    if (added.length > 0) this.#bag = this.#shuffled([...this.#bag, ...added]);
  }

  next(): string | null {
    if (this.#plan.length === 0 && this.#bag.length === 0) this.#startRound();
    this.#planTo(1);
    this.#last = this.#plan.shift() ?? null;
    if (this.#last !== null) this.#played.add(this.#last);
    return this.#last;
  }

  /** The rest of this round, then the next one. */
  upcoming(count: number): readonly string[] {
    this.#planTo(count);
    const missing = count - this.#plan.length;
    if (missing <= 0) return this.#plan.slice(0, count);
    this.#following ??= this.#roundAfter();
    this.#following.#planTo(missing);
    return [...this.#plan, ...this.#following.#plan.slice(0, missing)];
  }

  take(file: string, isNow: boolean): void {
    this.#dropPlan();
    this.#played.add(file);
    if (isNow) this.#artists.push(this.separation.artistOf(file));
    this.#bag = this.#bag.filter((other) => other !== file);
  }

  putBack(file: string): void {
    this.#dropPlan();
    const at = this.#artists.lastIndexOf(this.separation.artistOf(file));
    if (at >= 0) this.#artists.splice(at, 1);
    if (this.#played.delete(file)) this.#insert(file);
  }

  restore({ seed, round, last }: Place, played: ReadonlySet<string>, artists: readonly string[]) {
    this.#seed = seed;
    this.#round = round;
    this.#last = last;
    this.#played = new Set(played);
    this.#plan = [];
    this.#following = null;
    this.#artists = artists.toReversed();
    this.#bag = [];
    this.update(this.#files);
  }

  /** The order as it is when all of the plan, which holds the rest of this round, has been given. */
  #roundAfter(): ShuffledOrder {
    const after = new ShuffledOrder(() => 0, this.separation);
    after.#files = this.#files;
    after.#artists = [...this.#artists];
    after.#last = this.#plan.at(-1) ?? this.#last;
    after.#seed = this.#seed;
    after.#round = this.#round;
    after.#startRound();
    return after;
  }

  #startRound(): void {
    this.#following = null;
    this.#played.clear();
    this.#round++;
    this.#seed = Bun.hash.murmur32v3(String(this.#round), this.#seed);
    this.#bag = this.#shuffled(this.#files);
    this.#left = null;
    const first = this.#bag.length - 1;
    if (first > 0 && this.#bag[first] === this.#last) this.#bag.unshift(this.#bag.pop() ?? "");
  }

  #planTo(count: number): void {
    while (this.#plan.length < count && this.#bag.length > 0) {
      const at = this.separation.tracks === 0 ? this.#bag.length - 1 : this.#pick();
      const [file = ""] = this.#bag.splice(at, 1);
      this.#plan.push(file);
      this.#note(this.separation.artistOf(file));
    }
  }

  #note(artist: string): void {
    this.#artists.push(artist);
    const { tracks } = this.separation;
    if (this.#artists.length > 2 * tracks + 64) this.#artists = this.#artists.slice(-tracks - 64);
    const left = this.#left?.get(artist) ?? 0;
    if (artist !== "" && left > 0) this.#left?.set(artist, left - 1);
  }

  /** Puts planned files back: they are picked alike while nothing changes. */
  #dropPlan(): void {
    this.#left = null;
    this.#following = null;
    if (this.#plan.length === 0) return;
    this.#artists.length = Math.max(0, this.#artists.length - this.#plan.length);
    for (const file of this.#plan.splice(0)) this.#insert(file);
  }

  #insert(file: string): void {
    const hash = this.#hash(file);
    let [low, high] = [0, this.#bag.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#hash(this.#bag[middle] ?? "") > hash) low = middle + 1;
      else high = middle;
    }
    this.#bag.splice(low, 0, file);
  }

  /** The next file whose artist has not been heard lately; one of an artist whose files would not fit later goes
   * first. Without any, the one whose artist was heard longest ago. */
  #pick(): number {
    const recent = this.#artists.slice(-this.separation.tracks);
    const urgent = this.#urgent();
    let [fitting, best, bestAge] = [-1, this.#bag.length - 1, -1];
    for (let at = this.#bag.length - 1; at >= 0; at--) {
      const artist = this.separation.artistOf(this.#bag[at] ?? "");
      const age = artist === "" ? -1 : recent.lastIndexOf(artist);
      if (age < 0 && (urgent.size === 0 || urgent.has(artist))) return at;
      if (age < 0 && fitting < 0) fitting = at;
      if (bestAge < 0 || age < bestAge) [best, bestAge] = [at, age];
    }
    return fitting >= 0 ? fitting : best;
  }

  /** Artists with so many files left that each further delay would bring two of them together. */
  #urgent(): ReadonlySet<string> {
    this.#left ??= this.#count();
    let [most, all] = [1, [] as string[]];
    for (const [artist, count] of this.#left) {
      if (count > most) [most, all] = [count, []];
      if (count === most && count > 1) all.push(artist);
    }
    const needed = (most - 1) * (this.separation.tracks + 1) + all.length;
    return new Set(needed >= this.#bag.length ? all : []);
  }

  #count(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const file of this.#bag) {
      const artist = this.separation.artistOf(file);
      if (artist !== "") counts.set(artist, (counts.get(artist) ?? 0) + 1);
    }
    return counts;
  }

  #shuffled(files: readonly string[]): string[] {
    const hashed = files.map((file) => ({ file, hash: this.#hash(file) }));
    return hashed.sort((a, b) => b.hash - a.hash).map(({ file }) => file);
  }

  #hash(file: string): number {
    return Bun.hash.murmur32v3(file, this.#seed);
  }
}
