// Pure: whether a relay on demand is to be pulled: while somebody listens, and a while longer.

/** Who is about to listen does so within this time. */
const ASKED_MS = 10_000;

export class Demand {
  /** Until its first attempt is over: it says whether the address works, and in which format the mount will play. */
  #isFirst = true;
  #heardMs = Number.NEGATIVE_INFINITY;
  #askedMs = Number.NEGATIVE_INFINITY;

  /** The first attempt plays, or has failed. */
  tried(): void {
    this.#isFirst = false;
  }

  /** Somebody is about to listen. */
  ask(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#askedMs = nowMs;
  }

  /** `lingerMs`: how long it stays after the last listener. */
  wants(listeners: number, lingerMs: number, nowMs: number): boolean {
    if (listeners > 0) this.#heardMs = nowMs;
    if (nowMs - this.#askedMs < ASKED_MS) return true;
    return this.#isFirst || listeners > 0 || nowMs - this.#heardMs < lingerMs;
  }
}
