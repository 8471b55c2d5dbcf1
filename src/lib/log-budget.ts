// The last bound on the log: so many lines per period, whoever causes them, and a count of those beyond.
import type { Level } from "./log-tail.ts";

export const BUDGET_PERIOD_MS = 10_000;

/** Far above what a station has to tell; a few hundred mounts may start at once. */
export const MAX_LINES = 1000;

/** Details never use up what warnings need. */
export const MAX_DEBUG_LINES = 500;

export class LogBudget {
  #written = 0;
  #dropped = 0;
  #isCounting = false;

  /** `onDropped` hears at the end of a period how many lines were refused in it. */
  constructor(private readonly onDropped: (lines: number) => void) {}

  /** Whether one more line may be written in this period. */
  take(level: Level): boolean {
    this.#count();
    if (this.#written < (level === "debug" ? MAX_DEBUG_LINES : MAX_LINES)) {
      this.#written++;
      return true;
    }
    this.#dropped++;
    return false;
  }

  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setTimeout(() => this.#end(), BUDGET_PERIOD_MS).unref();
  }

  #end(): void {
    const dropped = this.#dropped;
    this.#written = this.#dropped = 0;
    this.#isCounting = false;
    if (dropped > 0) this.onDropped(dropped);
  }
}
