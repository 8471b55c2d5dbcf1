// Counts observations by size, since the start: what Prometheus calls a histogram. An observation costs a few
// comparisons.

export interface HistogramFacts {
  /** Upper bounds, each included, in ascending order. */
  readonly bounds: readonly number[];
  /** Observations up to each bound, and last all of them: no count is smaller than the one before it. */
  readonly counts: readonly number[];
  /** Of all observations. */
  readonly sum: number;
}

export class Histogram {
  /** Per bucket, and last those beyond the highest bound. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** `bounds`: ascending. */
  constructor(private readonly bounds: readonly number[]) {
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > (this.bounds[at] ?? 0)) at++;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += value;
  }

  facts(): HistogramFacts {
    let seen = 0;
    const counts = Array.from(this.#counts, (count) => (seen += count));
    return { bounds: this.bounds, counts, sum: this.#sum };
  }
}
