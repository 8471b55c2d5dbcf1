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
  /** Goes on from a place. `played`: files played in its round; `artists`: of the last files, the latest first. */
  restore(place: Place, played: ReadonlySet<string>, artists: readonly string[]): void;
}

const collator = new Intl.Collator("en", { numeric: true });

/** By name, "2" before "10"; ties by code unit, for a total order. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

export class SequentialOrder implements PlayOrder {
  #files: readonly string[] = [];
  #last: string | null = null;

  get place(): Place {
    return { seed: 0, round: 0, last: this.#last };
  }

  update(files: readonly string[]): void {
    this.#files = files;
  }

  /** The first file after the last one by name, whether or not that one still exists. */
  next(): string | null {
    const at = this.#last === null ? 0 : firstBehind(this.#files, this.#last);
    this.#last = this.#files[at] ?? this.#files[0] ?? null;
    return this.#last;
  }

  upcoming(count: number): readonly string[] {
    const at = this.#last === null ? 0 : firstBehind(this.#files, this.#last);
    return [...this.#files.slice(at, at + count), ...this.#files.slice(0, at)].slice(0, count);
  }

  /** A file played out of turn does not change what follows. */
  take(): void {}

  /** Its turn comes again in the next round. */
  putBack(): void {}

  restore({ last }: Place): void {
    this.#last = last;
  }
}

/** Plays a list's files in the order of the list. */
export class ListedOrder implements PlayOrder {
  #files: readonly string[] = [];
  #last: string | null = null;

  get place(): Place {
    return { seed: 0, round: 0, last: this.#last };
  }

  update(files: readonly string[]): void {
    this.#files = files;
  }

  /** The file behind the last one; the first if that has left the list. */
  next(): string | null {
    this.#last = this.#files[this.#at] ?? this.#files[0] ?? null;
    return this.#last;
  }

  upcoming(count: number): readonly string[] {
    const at = this.#at;
    return [...this.#files.slice(at, at + count), ...this.#files.slice(0, at)].slice(0, count);
  }

  take(): void {}

  putBack(): void {}

  restore({ last }: Place): void {
    this.#last = last;
  }

  get #at(): number {
    return this.#last === null ? 0 : this.#files.indexOf(this.#last) + 1;
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
