// Work that recurs a few times a second at most, done in turns that run anyway: timers of its own would wake an idle
// process more often.

/** Does what is due. Returns the milliseconds until it wants to be called again. */
export type Round = (nowMs: number) => number;

export class Rounds {
  #rounds: readonly { readonly run: Round; dueMs: number }[] = [];
  #nextMs = Number.POSITIVE_INFINITY;

  /** Calls it in the next turn, and then as often as it asks for. Returns what ends that. */
  add(run: Round): () => void {
    const added = { run, dueMs: Number.NEGATIVE_INFINITY };
    this.#rounds = [...this.#rounds, added];
    this.#nextMs = added.dueMs;
    return () => void (this.#rounds = this.#rounds.filter((round) => round !== added));
  }

  /** Runs the rounds that are due. Returns the milliseconds until the next is, Infinity for none. */
  run(nowMs: number): number {
    if (nowMs >= this.#nextMs) this.#runDue(nowMs);
    return this.#nextMs - nowMs;
  }

  #runDue(nowMs: number): void {
    for (const round of this.#rounds) {
      if (nowMs >= round.dueMs) round.dueMs = nowMs + round.run(nowMs);
    }
    this.#nextMs = Math.min(...this.#rounds.map(({ dueMs }) => dueMs));
  }
}
