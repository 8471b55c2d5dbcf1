// Limits the time that all live sources together use per turn of the event loop. The rest waits for later turns, one source
// after the other, so no source can delay another mount, the listeners or the pages.
import { type Clock, realMs } from "./clock.ts";

/** A delay of this size is inaudible to listeners. */
const BUDGET_MS = 5;

type GoOn = (nowMs: number) => void;

export class Turn {
  #usedMs = 0;
  #isScheduled = false;
  /** Sources with bytes left, in order of arrival. */
  readonly #waiting = new Set<GoOn>();

  constructor(
    private readonly clock: Clock,
    private readonly later: (next: () => void) => unknown = setImmediate,
  ) {}

  /** The time of this turn is used up. */
  get isOver(): boolean {
    return this.#usedMs >= BUDGET_MS;
  }

  /** Runs a piece of work and counts its time. */
  spend<T>(work: () => T): T {
    const startedMs = realMs(this.clock);
    try {
      return work();
    } finally {
      this.#usedMs += realMs(this.clock) - startedMs;
      if (this.isOver) this.#schedule();
    }
  }

  /** Calls `goOn` once, in a later turn. */
  wait(goOn: GoOn): void {
    this.#waiting.add(goOn);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.later(() => this.#next());
  }

  #next(): void {
    this.#isScheduled = false;
    this.#usedMs = 0;
    for (const goOn of [...this.#waiting]) {
      if (this.isOver) break;
      this.#waiting.delete(goOn);
      goOn(this.clock.nowMs());
    }
    if (this.#waiting.size > 0) this.#schedule();
  }
}
