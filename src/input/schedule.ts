// Pure pacing: the time when the next frame is due, from the number of samples before it.

export class Schedule {
  #anchorMs = 0;
  /** Whole samples since the anchor, all at #sampleRate; a sum of seconds would drift. */
  #samples = 0;
  #sampleRate = 1;

  /** The next frame is due now, and later ones as their samples say. */
  anchor(nowMs: number): void {
    this.#anchorMs = nowMs;
    this.#samples = 0;
  }

  get dueMs(): number {
    return this.#anchorMs + (this.#samples * 1000) / this.#sampleRate;
  }

  /** The next frame is due this many samples later. */
  spend(samples: number, sampleRate: number): void {
    if (sampleRate !== this.#sampleRate) {
      this.anchor(this.dueMs);
      this.#sampleRate = sampleRate;
    }
    this.#samples += samples;
  }

  /** Delay of the next frame in seconds; negative if it is not due yet. */
  lateSeconds(nowMs: number): number {
    return (nowMs - this.dueMs) / 1000;
  }
}
