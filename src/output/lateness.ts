// Event-loop lag, measured by the pump's own timer at no extra cost.
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { Histogram } from "../lib/histogram.ts";

/** Results cover the last one to two windows. */
const WINDOW_MS = 10_000;

/** In seconds. Turns come every 10 ms, and what is later than half a second is heard by some. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface LatenessFacts {
  readonly p99Ms: number;
  readonly maxMs: number;
}

export class Lateness {
  /** In microseconds, at least 1: a histogram accepts nothing smaller. */
  #current = createHistogram();
  #previous = createHistogram();
  #sinceMs = Number.NEGATIVE_INFINITY;

  /** All of it, in seconds. */
  readonly histogram = new Histogram(BOUNDS);

  record(lateMs: number, nowMs: number): void {
    this.histogram.observe(Math.max(0, lateMs) / 1000);
    if (lateMs <= 0) return;
    if (nowMs - this.#sinceMs >= WINDOW_MS) this.#turn(nowMs);
    this.#current.record(Math.max(1, Math.round(lateMs * 1000)));
  }

  facts(): LatenessFacts {
    const windows = [this.#current, this.#previous].filter(({ count }) => count > 0);
    const worst = (of: (window: RecordableHistogram) => number) =>
      Math.max(0, ...windows.map(of)) / 1000;
    return { p99Ms: worst((window) => window.percentile(99)), maxMs: worst(({ max }) => max) };
  }

  #turn(nowMs: number): void {
    [this.#current, this.#previous] = [this.#previous, this.#current];
    this.#current.reset();
    this.#sinceMs = nowMs;
  }
}
