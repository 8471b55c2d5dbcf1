// Pure: how long to wait before the next attempt: 1, 2, 4 .. 30 s, each a quarter shorter or longer, so that all who
// lost a server do not come back at once.

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const JITTER = 0.25;

/** A connection that lasted this long was no failed attempt. */
const STEADY_MS = 10_000;

export class Backoff {
  #nextMs = FIRST_MS;

  /** `random`: from 0 to 1, without 1. */
  constructor(private readonly random: () => number = Math.random) {}

  /** An attempt has ended, after a connection of `lastedMs`. Returns the milliseconds until the next. */
  after(lastedMs: number): number {
    if (lastedMs >= STEADY_MS) this.#nextMs = FIRST_MS;
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, waitMs * 2);
    return waitMs * (1 - JITTER + 2 * JITTER * this.random());
  }
}
