// Pure: how many different listeners each name had on one day.

/** A set of small whole numbers, in one bit each. */
class Bits {
  size = 0;
  #words = new Uint32Array(4);

  add(at: number): void {
    const [word, bit] = [at >>> 5, 1 << (at & 31)];
    if (word >= this.#words.length) this.#grow(word);
    const before = this.#words[word] ?? 0;
    if ((before & bit) !== 0) return;
    this.#words[word] = before | bit;
    this.size++;
  }

  has(at: number): boolean {
    return ((this.#words[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0;
  }

  #grow(word: number): void {
    const words = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
    words.set(this.#words);
    this.#words = words;
  }
}

export class Reach {
  /** Listeners by their unique id, numbered from 0. */
  readonly #numbers = new Map<number, number>();
  readonly #sets = new Map<string, Bits>();
  readonly #changed = new Set<string>();

  constructor(readonly dayMs: number) {}

  add(names: readonly string[], uniqueId: number): void {
    const number = this.#numberOf(uniqueId);
    for (const name of names) {
      const bits = this.#sets.get(name) ?? new Bits();
      this.#sets.set(name, bits);
      const { size } = bits;
      bits.add(number);
      if (bits.size !== size) this.#changed.add(name);
    }
  }

  /** The listeners of a name, with further ones. */
  sizeWith(name: string, more: Iterable<number>): number {
    const bits = this.#sets.get(name);
    let size = bits?.size ?? 0;
    for (const uniqueId of new Set(more)) {
      const number = this.#numbers.get(uniqueId);
      if (number === undefined || !bits?.has(number)) size++;
    }
    return size;
  }

  /** Those that changed since the last call. */
  take(): (readonly [name: string, listeners: number])[] {
    const changed = [...this.#changed].map(
      (name) => [name, this.#sets.get(name)?.size ?? 0] as const,
    );
    this.#changed.clear();
    return changed;
  }

  #numberOf(uniqueId: number): number {
    const number = this.#numbers.get(uniqueId) ?? this.#numbers.size;
    this.#numbers.set(uniqueId, number);
    return number;
  }
}
