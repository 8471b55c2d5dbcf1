// Pure: picks the next file, sequential or shuffled, while files come and go. Randomness is an argument.

/** Where an order is: enough to go on after a restart. */
export interface Place {
  /** Determines the current round's shuffle. */
  readonly seed: number;
  /** Rounds begun. */
  readonly round: number;
  /** The last file that was heard, or null. */
  readonly last: string | null;
}

export interface PlayOrder {
  readonly place: Place;
  /** Replaces the files: sorted by compareNames, no duplicates. */
  update(files: readonly string[]): void;
  /** One of the files, or null if there are none. */
  next(): string | null;
  /** The next files, at most `count`, not beyond the round after this one. */
  upcoming(count: number): readonly string[];
  /** Counts a file as played in this round. `isNow`: it plays next, out of turn. */
  take(file: string, isNow: boolean): void;
  /** What next() gave is not played after all: it comes again as soon as the order allows. */
  putBack(file: string): void;
  /** Files that were put back and whose turn is over: each plays as soon as it can, and take() removes it. */
  readonly missed: readonly string[];
  /** Goes on from a place. `played`: files played in its round; `artists`: of the last files, the latest first. */
  restore(place: Place, played: ReadonlySet<string>, artists: readonly string[]): void;
}

/** Files beyond these have their turn in the next round. */
const MAX_MISSED = 100;

const collator = new Intl.Collator("en", { numeric: true });

/** By name, "2" before "10"; ties by code unit, for a total order. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Files in an order that is given, from the first to the last and again. */
abstract class GivenOrder implements PlayOrder {
  protected files: readonly string[] = [];
  protected last: string | null = null;
  readonly #missed = new Set<string>();

  /** Index of the next file; beyond the last one for the first. */
  protected abstract get at(): number;

  get place(): Place {
    return { seed: 0, round: 0, last: this.last };
  }

  get missed(): readonly string[] {
    return [...this.#missed];
  }

  update(files: readonly string[]): void {
    this.files = files;
    if (this.#missed.size === 0) return;
    const here = new Set(files);
    for (const file of this.#missed) if (!here.has(file)) this.#missed.delete(file);
  }

  next(): string | null {
    this.last = this.files[this.at] ?? this.files[0] ?? null;
    this.#missed.delete(this.last ?? "");
    return this.last;
  }

  upcoming(count: number): readonly string[] {
    const { at } = this;
    return [...this.files.slice(at, at + count), ...this.files.slice(0, at)].slice(0, count);
  }

  /** A file played out of turn does not change what follows. */
  take(file: string): void {
    this.#missed.delete(file);
  }

  putBack(file: string): void {
    if (this.#missed.size < MAX_MISSED) this.#missed.add(file);
  }

  restore({ last }: Place): void {
    this.last = last;
  }
}

export class SequentialOrder extends GivenOrder {
  /** The first file after the last one by name, whether or not that one still exists. */
  protected get at(): number {
    return this.last === null ? 0 : firstBehind(this.files, this.last);
  }
}

/** Plays a list's files in the order of the list. */
export class ListedOrder extends GivenOrder {
  /** The file behind the last one; the first if that has left the list. */
  protected get at(): number {
    return this.last === null ? 0 : this.files.indexOf(this.last) + 1;
  }
}

function firstBehind(files: readonly string[], name: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareNames(files[middle] ?? "", name) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sorted by name, starting from the previous order: comparing names is expensive, and few are new. */
export function sorted(files: readonly string[], before: readonly string[]): readonly string[] {
  const here = new Set(files);
  const known = new Set(before);
  const kept = before.filter((file) => here.has(file));
  const added = files.filter((file) => !known.has(file)).sort(compareNames);
  return added.length === 0 ? kept : [...kept, ...added].sort(compareNames);
}
