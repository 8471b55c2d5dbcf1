// Pure: how many listened when, a day of it, in numbers that take no more room however many they are.

/** Unix seconds, and the listeners of one mount at each. */
export interface Series {
  readonly stepSeconds: number;
  readonly times: number[];
  readonly listeners: number[];
}

export class History {
  readonly #times: Float64Array;
  readonly #listeners: readonly Uint32Array[];
  #count = 0;

  /** `capacity`: samples kept. */
  constructor(
    mounts: number,
    private readonly capacity: number,
    private readonly sampleSeconds: number,
  ) {
    this.#times = new Float64Array(capacity);
    this.#listeners = Array.from({ length: mounts }, () => new Uint32Array(capacity));
  }

  /** One number a mount. */
  add(atSeconds: number, listeners: readonly number[]): void {
    const at = this.#count++ % this.capacity;
    this.#times[at] = atSeconds;
    this.#listeners.forEach((row, mount) => (row[at] = listeners[mount] ?? 0));
  }

  /** The newest `samples` in at most `points`, each the most that listened within its step. */
  series(mount: number, samples: number, points: number): Series {
    const kept = Math.min(samples, this.#count, this.capacity);
    const step = Math.max(1, Math.ceil(kept / points));
    const row = this.#listeners[mount] ?? new Uint32Array(this.capacity);
    const series: Series = { stepSeconds: step * this.sampleSeconds, times: [], listeners: [] };
    // Steps end at the newest, so that the one that is not full is the oldest.
    for (let end = kept; end > 0; end -= step) {
      const places = this.#places(kept, Math.max(0, end - step), end);
      series.times.unshift(this.#times[places.at(-1) ?? 0] ?? 0);
      series.listeners.unshift(Math.max(...places.map((place) => row[place] ?? 0)));
    }
    return series;
  }

  /** Where the samples from..to of the newest `kept` are. */
  #places(kept: number, from: number, to: number): number[] {
    const first = this.#count - kept;
    return Array.from({ length: to - from }, (_, i) => (first + from + i) % this.capacity);
  }
}
