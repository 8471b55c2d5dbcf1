// Pure: a moment of a playlist's media timeline, exact to the sample.

export class SampleTime {
  constructor(
    /** Where the count of samples begins, in whole milliseconds of the timeline. */
    readonly anchorMs: number,
    /** Samples since then. */
    readonly samples: number,
    /** Samples per second. */
    readonly rate: number,
  ) {}

  plus(samples: number): SampleTime {
    return new SampleTime(this.anchorMs, this.samples + samples, this.rate);
  }

  /** For comparisons and dates; not exact. */
  get ms(): number {
    return this.anchorMs + (this.samples / this.rate) * 1000;
  }

  /** In whole units of a clock with `timescale` units per second, rounded down. Exact for hours and years. */
  in(timescale: number): number {
    return scaled(this.anchorMs, 1000, timescale) + scaled(this.samples, this.rate, timescale);
  }

  /** The first sample count at or after a moment of the timeline. */
  samplesAt(ms: number): number {
    return Math.ceil(((ms - this.anchorMs) * this.rate) / 1000);
  }
}

/** floor(count × to / from) without a product that exceeds 2^53. */
function scaled(count: number, from: number, to: number): number {
  const whole = Math.floor(count / from);
  return whole * to + Math.floor(((count - whole * from) * to) / from);
}
