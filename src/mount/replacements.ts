// Pure: remembers which sources have replaced others lately. Two encoders that connect again by themselves would do it for ever.
const WINDOW_MS = 120_000;

/** As many within the window are no change of shift. */
const MOST = 3;

/** Sources that are remembered; the oldest is forgotten for a new one. */
const MAX_SOURCES = 64;

export class Replacements {
  readonly #times = new Map<string, readonly number[]>();

  /** A source has taken over from another one. */
  add(who: string, nowMs: number): void {
    const times = this.#lately(who, nowMs);
    this.#times.delete(who);
    this.#times.set(who, [...times, nowMs].slice(-MOST));
    const [oldest] = this.#times.keys();
    if (oldest !== undefined && this.#times.size > MAX_SOURCES) this.#times.delete(oldest);
  }

  /** Seconds until it may do so again; 0: now. */
  waitSeconds(who: string, nowMs: number): number {
    const times = this.#lately(who, nowMs);
    const [first] = times;
    if (first === undefined || times.length < MOST) return 0;
    return Math.ceil((first + WINDOW_MS - nowMs) / 1000);
  }

  #lately(who: string, nowMs: number): readonly number[] {
    return (this.#times.get(who) ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS);
  }
}
