// Pure: totals over a mount's listeners, updated as they come and go so that reading them is cheap.

/** A listener as far as the totals need it. */
export interface CountedListener {
  readonly client: { readonly address: string };
  readonly joinedMs: number;
}

export class ListenerCounts {
  readonly #perAddress = new Map<string, number>();
  #count = 0;
  #peak = 0;
  #joinedMsSum = 0;

  get count(): number {
    return this.#count;
  }

  /** The most listeners at a time. */
  get peak(): number {
    return this.#peak;
  }

  /** Number of distinct addresses. */
  get addresses(): number {
    return this.#perAddress.size;
  }

  /** Average time connected, in seconds; 0 without listeners. */
  averageSeconds(nowMs: number): number {
    return this.#count === 0 ? 0 : (nowMs - this.#joinedMsSum / this.#count) / 1000;
  }

  add({ client, joinedMs }: CountedListener): void {
    const { address } = client;
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    this.#joinedMsSum += joinedMs;
    this.#peak = Math.max(this.#peak, ++this.#count);
  }

  remove({ client, joinedMs }: CountedListener): void {
    const { address } = client;
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
    this.#joinedMsSum -= joinedMs;
    // Discards the rounding error of a long sum.
    if (--this.#count === 0) this.#joinedMsSum = 0;
  }
}
