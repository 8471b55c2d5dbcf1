// Clients that wait for what a playlist has not yet (blocking playlist reload, hinted parts): bounded in number and time.

interface Waiting {
  readonly isThere: () => boolean;
  readonly answer: (isThere: boolean) => void;
}

/** Each holds a connection of the listen port, which are bounded too. */
const MAX_WAITING = 2000;

export class WaitingClients {
  readonly #waiting = new Set<Waiting>();

  get count(): number {
    return this.#waiting.size;
  }

  /** No more may wait. */
  get isFull(): boolean {
    return this.#waiting.size >= MAX_WAITING;
  }

  /** Resolves with true once a look() finds it there, with false after `ms`, and at once if no more may wait. */
  wait(isThere: () => boolean, ms: number, signal?: AbortSignal): Promise<boolean> {
    if (this.isFull) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiting = {
        isThere,
        answer: (isThere: boolean) => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", leave);
          this.#waiting.delete(waiting);
          resolve(isThere);
        },
      };
      const leave = () => waiting.answer(false);
      const timer = setTimeout(leave, ms);
      signal?.addEventListener("abort", leave);
      this.#waiting.add(waiting);
    });
  }

  /** There is more than before. */
  look(): void {
    for (const waiting of this.#waiting) if (waiting.isThere()) waiting.answer(true);
  }

  /** Nothing follows. */
  release(): void {
    for (const waiting of this.#waiting) waiting.answer(true);
  }
}
