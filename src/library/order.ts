// Pure: picks the next file, sequential or shuffled, while files come and go. Randomness is an argument.

export interface PlayOrder {
  /** Replaces the files: sorted by compareNames, no duplicates. */
  update(files: readonly string[]): void;
  /** One of the files, or null if there are none. */
  next(): string | null;
  /** The next files, at most `count`, as far as decided: not beyond the current shuffle. */
  upcoming(count: number): readonly string[];
}

const collator = new Intl.Collator("en", { numeric: true });

/** By name, "2" before "10"; ties by code unit, for a total order. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

export class SequentialOrder implements PlayOrder {
  #files: readonly string[] = [];
  #last: string | null = null;

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

/** Plays all files before any repeats; a round never begins with the track that ended the last. */
export class ShuffledOrder implements PlayOrder {
  #files: readonly string[] = [];
  /** The rest of this round, next one last: removing from the end is free. */
  #bag: string[] = [];
  /** Played in this round, removed files included: a file that comes back is not new. */
  #played = new Set<string>();
  #last: string | null = null;

  /** `random` returns 0 <= x < 1. */
  constructor(private readonly random: () => number) {}

  /** Removed files leave the bag; with new files the rest of the round is reshuffled. */
  update(files: readonly string[]): void {
    this.#files = files;
    const here = new Set(files);
    const bag = this.#bag.filter((file) => here.has(file));
    const waiting = new Set(bag);
    const added = files.filter((file) => !waiting.has(file) && !this.#played.has(file));
    this.#bag = added.length === 0 ? bag : this.#shuffled([...bag, ...added]);
  }

  next(): string | null {
    if (this.#bag.length === 0) this.#startRound();
    this.#last = this.#bag.pop() ?? null;
    if (this.#last !== null) this.#played.add(this.#last);
    return this.#last;
  }

  upcoming(count: number): readonly string[] {
    return this.#bag.slice(-count).reverse();
  }

  #startRound(): void {
    this.#played.clear();
    this.#bag = this.#shuffled(this.#files);
    const first = this.#bag.length - 1;
    if (first > 0 && this.#bag[first] === this.#last) swap(this.#bag, first, this.#below(first));
  }

  #shuffled(files: readonly string[]): string[] {
    const bag = [...files];
    for (let i = bag.length - 1; i > 0; i--) swap(bag, i, this.#below(i + 1));
    return bag;
  }

  #below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}

function swap(bag: string[], i: number, j: number): void {
  const [a = "", b = ""] = [bag[i], bag[j]];
  bag[i] = b;
  bag[j] = a;
}
