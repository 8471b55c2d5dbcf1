// What all live sources together may take of one turn of the event loop: the rest waits for later turns, one source after
// the other, so that no source can hold up another mount, the listeners or the pages.
import { type Clock, realMs } from "../lib/clock.ts";

/** A listener's audio may be this much late without anybody hearing it. */
const BUDGET_MS = 5;

type GoOn = (nowMs: number) => void;

export class Turn {
  #usedMs = 0;
  #isScheduled = false;
  /** Sources with bytes left over, in the order they came. */
  readonly #waiting = new Set<GoOn>();

  constructor(
    private readonly clock: Clock,
    private readonly later: (next: () => void) => unknown = setImmediate,
  ) {}

  /** Nothing more may be taken before the next turn. */
  get isOver(): boolean {
    return this.#usedMs >= BUDGET_MS;
  }

  /** Does a piece of work, whose time counts. */
  spend<T>(work: () => T): T {
    const startedMs = realMs(this.clock);
    try {
      return work();
    } finally {
      this.#usedMs += realMs(this.clock) - startedMs;
      if (this.isOver) this.#schedule();
    }
  }

  /** Calls `goOn` in a later turn, once. */
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
