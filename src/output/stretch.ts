// Pure: how far sends grow beyond chunk_size, by the share of time spent sending.

/** A send's cost hardly depends on its size: twice the span means half the sends. */
const MOST = 4;

/** Long enough that the bursts of many joins do not count. */
const WINDOW_MS = 1000;

/** The lower limit is less than half of the upper, so growing never causes shrinking. */
const BUSY = 0.5;
const IDLE = 0.15;

export class Stretch {
  #factor = 1;
  #sinceMs: number | null = null;
  #workedMs = 0;

  /** The factor for chunk_size: 1, 2 or 4. */
  get factor(): number {
    return this.#factor;
  }

  /** Records a turn of `workedMs` that ended at `nowMs`; true if the factor changed. */
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
