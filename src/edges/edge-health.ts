// Pure: whether an edge gets listeners, by the answers to its polls.

/** After a failure: one good answer may be chance. */
const PROOFS = 2;

export class EdgeHealth {
  #good = 0;
  #needed = 1;
  #why: string | null = "it has not answered yet";
  #isHealthy = false;

  get isHealthy(): boolean {
    return this.#isHealthy;
  }

  /** Why it gets no listeners: a sentence without its end, "it …"; null if it does. */
  get why(): string | null {
    return this.#isHealthy ? null : this.#why;
  }

  /** Returns whether it is back. */
  answered(): boolean {
    this.#good++;
    if (this.#isHealthy || this.#good < this.#needed) return false;
    this.#isHealthy = true;
    return true;
  }

  /** Returns whether that is news. It gets no listeners from now on. */
  failed(why: string): boolean {
    const isNews = this.#isHealthy || this.#why !== why;
    this.#isHealthy = false;
    this.#good = 0;
    this.#needed = PROOFS;
    this.#why = why;
    return isNews;
  }
}
