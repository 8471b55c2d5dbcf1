// Work that recurs a few times a second at most, done in turns that run anyway: timers of its own would wake an idle
// process more often.

/** Does what is due. Returns the milliseconds until it wants to be called again. */
export type Round = (nowMs: number) => number;

export class Rounds {
  readonly #dueMs = new Map<Round, number>();

  /** Calls it in the next turn, and then as often as it asks for. Returns what ends that. */
  add(round: Round): () => void {
    this.#dueMs.set(round, Number.NEGATIVE_INFINITY);
    return () => void this.#dueMs.delete(round);
  }

  /** Runs the rounds that are due. Returns the milliseconds until the next is, Infinity for none. */
  run(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [round, dueMs] of this.#dueMs) {
      const atMs = nowMs < dueMs ? dueMs : nowMs + round(nowMs);
      if (atMs !== dueMs && this.#dueMs.has(round)) this.#dueMs.set(round, atMs);
      nextMs = Math.min(nextMs, atMs);
    }
    return nextMs - nowMs;
  }
}
