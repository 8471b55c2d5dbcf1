// Clients that wait for a segment (blocking playlist reload): bounded in number and time.

interface Waiting {
  readonly number: number;
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

  /** Resolves with true once there is a segment of this number, with false after `ms`, and at once if no more may wait. */
  wait(number: number, ms: number, signal?: AbortSignal): Promise<boolean> {
    if (this.isFull) return Promise.resolve(false);
    return new Promise((resolve) => {
      const waiting = {
        number,
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

  /** The newest segment has this number. */
  reach(number: number): void {
    for (const waiting of this.#waiting) if (waiting.number <= number) waiting.answer(true);
  }

  /** No segment follows. */
  release(): void {
    for (const waiting of this.#waiting) waiting.answer(true);
  }
}
