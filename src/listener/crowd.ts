// Pure: sums over the listeners of a mount, kept as they come and go so that asking costs nothing.

/** Whom a crowd counts. */
export interface Member {
  readonly visitor: { readonly address: string };
  readonly joinedMs: number;
}

export class Crowd {
  readonly #perAddress = new Map<string, number>();
  #count = 0;
  #peak = 0;
  #joinedMsSum = 0;

  get count(): number {
    return this.#count;
  }

  /** The most there were at a time. */
  get peak(): number {
    return this.#peak;
  }

  /** Addresses they come from. */
  get addresses(): number {
    return this.#perAddress.size;
  }

  /** How long those here have listened, in seconds; 0 when nobody is. */
  averageSeconds(nowMs: number): number {
    return this.#count === 0 ? 0 : (nowMs - this.#joinedMsSum / this.#count) / 1000;
  }

  add({ visitor, joinedMs }: Member): void {
    const { address } = visitor;
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    this.#joinedMsSum += joinedMs;
    this.#peak = Math.max(this.#peak, ++this.#count);
  }

  remove({ visitor, joinedMs }: Member): void {
    const { address } = visitor;
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
    this.#joinedMsSum -= joinedMs;
    // What rounding left of a long sum must not outlive those it was made of.
    if (--this.#count === 0) this.#joinedMsSum = 0;
  }
}
