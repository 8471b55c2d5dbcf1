// The log's last resort: a limit on lines per period, whatever their cause, and a count of the lines beyond it.
import type { Level } from "./log-tail.ts";

export const BUDGET_PERIOD_MS = 10_000;

/** Far more than a station logs; a few hundred mounts may start at once. */
export const MAX_LINES = 1000;

/** Debug lines cannot use up the budget of warnings. */
export const MAX_DEBUG_LINES = 500;

export class LogBudget {
  #written = 0;
  #dropped = 0;
  #isCounting = false;

  /** Calls `onDropped` at the end of a period with the number of lines refused in it. */
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
