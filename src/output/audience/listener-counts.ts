// Pure: totals over a mount's listeners, updated as they come and go so that reading them is cheap.
import type { Door } from "./listener.ts";

/** A listener as far as the totals need it. */
export interface CountedListener {
  readonly client: { readonly address: string; readonly door?: Door };
  readonly joinedMs: number;
}

export class ListenerCounts {
  readonly #perAddress = new Map<string, number>();
  #count = 0;
  #peak = 0;
  #joinedMsSum = 0;
  /** Milliseconds that all listeners were here, up to the last change. */
  #presentMs = 0;
  #changedMs = 0;
  /** Present listeners by the port they came by. */
  readonly doors: Record<Door, number> = { source: 0, listen: 0, tls: 0 };

  /** Listeners that the station ended since the start, by reason: they stopped reading, the admin kicked them, the
   * mount's format changed. */
  readonly dropped = { stalled: 0, kicked: 0, format: 0 };
  /** Listeners skipped ahead because they did not read. */
  skipped = 0;

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

  /** Seconds that listeners were here since the start, summed over all of them: it never decreases. */
  listenerSeconds(nowMs: number): number {
    return (this.#presentMs + this.#count * (nowMs - this.#changedMs)) / 1000;
  }

  /** Before the count changes. */
  #elapse(nowMs: number): void {
    this.#presentMs += this.#count * (nowMs - this.#changedMs);
    this.#changedMs = nowMs;
  }

  add({ client, joinedMs }: CountedListener, nowMs: number): void {
    const { address, door = "source" } = client;
    this.#elapse(nowMs);
    this.doors[door]++;
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    this.#joinedMsSum += joinedMs;
    this.#peak = Math.max(this.#peak, ++this.#count);
  }

  remove({ client, joinedMs }: CountedListener, nowMs: number): void {
    const { address, door = "source" } = client;
    this.#elapse(nowMs);
    this.doors[door]--;
    const left = (this.#perAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
    this.#joinedMsSum -= joinedMs;
    // Discards the rounding error of a long sum.
    if (--this.#count === 0) this.#joinedMsSum = 0;
  }
}
