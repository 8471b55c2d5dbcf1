// Pure pacing: when the next frame is due, from the sum of the samples before it and never from bytes.

export class Schedule {
  #anchorMs = 0;
  /** Whole samples since the anchor, all at #sampleRate: a sum of seconds would drift, this cannot. */
  #samples = 0;
  #sampleRate = 1;

  /** The next frame is due now; everything after follows from its samples. */
  anchor(nowMs: number): void {
    this.#anchorMs = nowMs;
    this.#samples = 0;
  }

  get dueMs(): number {
    return this.#anchorMs + (this.#samples * 1000) / this.#sampleRate;
  }

  /** A frame has been played: the next is due when its samples are over. */
  spend(samples: number, sampleRate: number): void {
    if (sampleRate !== this.#sampleRate) {
      this.anchor(this.dueMs);
      this.#sampleRate = sampleRate;
    }
    this.#samples += samples;
  }

  /** How late the next frame is, in seconds; negative when it is not due yet. */
  lateSeconds(nowMs: number): number {
    return (nowMs - this.dueMs) / 1000;
  }
}
