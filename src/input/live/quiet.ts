// Pure: whether a connection hangs, by the pauses between what it sends.

/** Encoders on a bad line are quiet for so long. */
const SHORTEST_MS = 2000;

/** Ogg pages and WebM clusters come seconds apart: a pause is long if it is longer than those before. */
const TIMES_LONGER = 2;

export class Quiet {
  #heardMs: number | null = null;
  #longestMs = 0;

  /** Bytes have come. */
  hear(nowMs: number): void {
    if (this.#heardMs !== null) this.#longestMs = Math.max(this.#longestMs, nowMs - this.#heardMs);
    this.#heardMs = nowMs;
  }

  /** Nothing has come for longer than usual; false before the first bytes. */
  isLong(nowMs: number): boolean {
    if (this.#heardMs === null) return false;
    return nowMs - this.#heardMs >= Math.max(SHORTEST_MS, TIMES_LONGER * this.#longestMs);
  }
}
