// Pure: the number of listeners over one day, in memory that does not grow with it.

/** Unix seconds, and the listeners of one mount at each. */
export interface Series {
  readonly stepSeconds: number;
  readonly times: number[];
  readonly listeners: number[];
}

const DAY_SECONDS = 24 * 3600;
const MINUTE_SECONDS = 60;

export class History {
  readonly #capacity: number;
  readonly #times: Float64Array;
  /** By path. A removed mount's row is kept until its samples are a day old: it may come back. */
  readonly #rows = new Map<string, Row>();
  #count = 0;

  constructor(private readonly sampleSeconds: number) {
    this.#capacity = DAY_SECONDS / sampleSeconds;
    this.#times = new Float64Array(this.#capacity);
  }

  /** `listeners`: by the path of each mount. */
  add(atSeconds: number, listeners: Iterable<readonly [path: string, count: number]>): void {
    const at = this.#count % this.#capacity;
    this.#times[at] = atSeconds;
    for (const row of this.#rows.values()) row.counts[at] = 0;
    for (const [path, count] of listeners) {
      const row = this.#rows.get(path) ?? { counts: new Uint32Array(this.#capacity), last: 0 };
      row.counts[at] = count;
      row.last = this.#count;
      this.#rows.set(path, row);
    }
    for (const [path, { last }] of this.#rows) {
      if (this.#count - last >= this.#capacity) this.#rows.delete(path);
    }
    this.#count++;
  }

  /** Puts what was before the start in front, the most of each minute up to `untilSeconds`. Minutes that are missing had no
   * listeners. */
  restore(
    minutes: Iterable<readonly [path: string, atSeconds: number, count: number]>,
    untilSeconds: number,
  ): void {
    const since = this.#samples();
    this.#rows.clear();
    this.#count = 0;
    const known = Map.groupBy(minutes, ([, atSeconds]) => atSeconds);
    const [first = untilSeconds] = known.keys();
    for (let at = first; at < untilSeconds; at += this.sampleSeconds) {
      const counts = known.get(at - (at % MINUTE_SECONDS)) ?? [];
      this.add(
        at,
        counts.map(([path, , count]) => [path, count] as const),
      );
    }
    for (const [atSeconds, counts] of since) this.add(atSeconds, counts);
  }

  /** All that is kept, the oldest first. */
  #samples(): [atSeconds: number, counts: (readonly [path: string, count: number])[]][] {
    const kept = Math.min(this.#count, this.#capacity);
    return this.#places(kept, 0, kept).map((place) => {
      const counts = [...this.#rows].map(([path, row]) => [path, row.counts[place] ?? 0] as const);
      return [this.#times[place] ?? 0, counts];
    });
  }

  /** The newest `samples` in at most `points`, each the largest count within its step. */
  series(path: string, samples: number, points: number): Series {
    const kept = Math.min(samples, this.#count, this.#capacity);
    const step = Math.max(1, Math.ceil(kept / points));
    const row = this.#rows.get(path)?.counts;
    const series: Series = { stepSeconds: step * this.sampleSeconds, times: [], listeners: [] };
    // Steps end at the newest, so that only the oldest may be incomplete.
    for (let end = kept; end > 0; end -= step) {
      const places = this.#places(kept, Math.max(0, end - step), end);
      series.times.unshift(this.#times[places.at(-1) ?? 0] ?? 0);
      series.listeners.unshift(Math.max(...places.map((place) => row?.[place] ?? 0)));
    }
    return series;
  }

  /** Where the samples from..to of the newest `kept` are. */
  #places(kept: number, from: number, to: number): number[] {
    const first = this.#count - kept;
    return Array.from({ length: to - from }, (_, i) => (first + from + i) % this.#capacity);
  }
}

interface Row {
  readonly counts: Uint32Array;
  /** The number of the last sample that had this mount. */
  last: number;
}
