// Pure: whether a relay on demand is to be pulled: while somebody listens, and a while longer.

export class Demand {
  /** Until its first attempt is over: it says whether the address works, and in which format the mount will play. */
  #isFirst = true;
  #heardMs = Number.NEGATIVE_INFINITY;

  /** The first attempt plays, or has failed. */
  tried(): void {
    this.#isFirst = false;
  }

  /** `lingerMs`: how long it stays after the last listener. */
  wants(listeners: number, lingerMs: number, nowMs: number): boolean {
    if (listeners > 0) this.#heardMs = nowMs;
    return this.#isFirst || listeners > 0 || nowMs - this.#heardMs < lingerMs;
  }
}
