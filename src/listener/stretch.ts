// Pure: how far sends grow past chunk_size, from the share of time that sending takes.

/** A send costs nearly the same whatever its size: twice the span is half the sends. */
const MOST = 4;

/** Judged over this long, so that one crowd's bursts are no reason. */
const WINDOW_MS = 1000;

/** The lower one is less than half of the upper: growing never makes reason to shrink. */
const BUSY = 0.5;
const IDLE = 0.15;

export class Stretch {
  #factor = 1;
  #sinceMs: number | null = null;
  #workedMs = 0;

  /** What chunk_size is to be multiplied with: 1, 2 or 4. */
  get factor(): number {
    return this.#factor;
  }

  /** After a turn that took `workedMs` and ended at `nowMs`; whether the factor is another now. */
  worked(workedMs: number, nowMs: number): boolean {
    this.#sinceMs ??= nowMs - workedMs;
    this.#workedMs += workedMs;
    const passedMs = nowMs - this.#sinceMs;
    if (passedMs < WINDOW_MS) return false;
    const before = this.#factor;
    this.#factor = next(before, this.#workedMs / passedMs);
    this.#sinceMs = nowMs;
    this.#workedMs = 0;
    return this.#factor !== before;
  }
}

function next(factor: number, share: number): number {
  if (share > BUSY) return Math.min(factor * 2, MOST);
  return share < IDLE ? Math.max(factor / 2, 1) : factor;
}
