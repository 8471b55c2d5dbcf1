// Pure: which track comes next, while files appear and vanish. Randomness is handed in.

export interface PlayOrder {
  /** One of `files` (sorted, no duplicates), or null when there are none. */
  next(files: readonly string[]): string | null;
}

const collator = new Intl.Collator("en", { numeric: true });

/** By name, "2" before "10"; ties by code unit so that the order is total. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

export class SequentialOrder implements PlayOrder {
  #last: string | null = null;

  next(files: readonly string[]): string | null {
    const last = this.#last;
    const after = last === null ? undefined : files.find((file) => compareNames(file, last) > 0);
    this.#last = after ?? files[0] ?? null;
    return this.#last;
  }
}

/** Goes through all before repeating; a new round never begins with the track that ended the last. */
export class ShuffledOrder implements PlayOrder {
  #bag: string[] = [];
  #round = new Set<string>();
  #last: string | null = null;

  /** `random` returns 0 <= x < 1. */
  constructor(private readonly random: () => number) {}

  next(files: readonly string[]): string | null {
    this.#admit(files);
    if (this.#bag.length === 0) this.#refill(files);
    this.#last = this.#bag.shift() ?? null;
    return this.#last;
  }

  /** Files that vanished leave the bag, new ones get a random place in this round. */
  #admit(files: readonly string[]): void {
    const here = new Set(files);
    this.#bag = this.#bag.filter((file) => here.has(file));
    for (const file of files) {
      if (this.#round.has(file)) continue;
      this.#bag.splice(this.#below(this.#bag.length + 1), 0, file);
      this.#round.add(file);
    }
  }

  #refill(files: readonly string[]): void {
    this.#round = new Set(files);
    this.#bag = [...files];
    for (let i = this.#bag.length - 1; i > 0; i--) this.#swap(i, this.#below(i + 1));
    this.#avoidRepeat();
  }

  #avoidRepeat(): void {
    if (this.#bag.length < 2 || this.#bag[0] !== this.#last) return;
    this.#swap(0, 1 + this.#below(this.#bag.length - 1));
  }

  #below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  #swap(i: number, j: number): void {
    const [a = "", b = ""] = [this.#bag[i], this.#bag[j]];
    this.#bag[i] = b;
    this.#bag[j] = a;
  }
}
