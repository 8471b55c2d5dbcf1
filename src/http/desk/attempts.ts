// Pure: how often an address has given a wrong password lately, so that nobody can try them all.

export const MAX_FAILURES = 5;
export const PERIOD_MS = 60_000;

/** Of more addresses the one that failed first is forgotten. */
export const MAX_ADDRESSES = 1024;

interface Failures {
  readonly count: number;
  readonly sinceMs: number;
}

export class Attempts {
  readonly #failures = new Map<string, Failures>();

  get addresses(): number {
    return this.#failures.size;
  }

  /** Seconds until this address may try again; 0: at once. */
  waitSeconds(address: string, nowMs: number): number {
    const { count, sinceMs } = this.#of(address, nowMs);
    return count < MAX_FAILURES ? 0 : Math.ceil((sinceMs + PERIOD_MS - nowMs) / 1000);
  }

  fail(address: string, nowMs: number): void {
    const { count, sinceMs } = this.#of(address, nowMs);
    const [oldest] = this.#failures.keys();
    const isNew = !this.#failures.has(address);
    if (isNew && this.#failures.size >= MAX_ADDRESSES && oldest !== undefined) {
      this.#failures.delete(oldest);
    }
    this.#failures.set(address, { count: count + 1, sinceMs });
  }

  /** It has given the right one. */
  forgive(address: string): void {
    this.#failures.delete(address);
  }

  #of(address: string, nowMs: number): Failures {
    const failures = this.#failures.get(address);
    const isOver = failures === undefined || nowMs - failures.sinceMs >= PERIOD_MS;
    return isOver ? { count: 0, sinceMs: nowMs } : failures;
  }
}
