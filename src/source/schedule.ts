// Pure pacing: when the next frame is due, from the sum of the samples before it and never from bytes.

export class Schedule {
  #anchorMs = 0;
  #seconds = 0;

  /** The next frame is due now; everything after follows from its samples. */
  anchor(nowMs: number): void {
    this.#anchorMs = nowMs;
    this.#seconds = 0;
  }

  /** A sum in doubles: after a year of 44.1 kHz it is still exact to a nanosecond. */
  get dueMs(): number {
    return this.#anchorMs + this.#seconds * 1000;
  }

  spend(samples: number, sampleRate: number): void {
    this.#seconds += samples / sampleRate;
  }

  /** How late the next frame is, in seconds; negative when it is not due yet. */
  lateSeconds(nowMs: number): number {
    return (nowMs - this.dueMs) / 1000;
  }
}
