// Pure: how far a mount's received audio is ahead of the clock. The lead belongs to the mount, not to a connection.
// Files sent one after another would each bring their own lead, and listeners would fall behind by the sum.

/** After a pause of the process, the backlog is read within this long. */
const CATCH_UP_MS = 10_000;

/** The kernel does not buffer more than this. */
const LONGEST_ABSENCE_MS = 60_000;

export class Lead {
  /** When all audio so far ends, if played without a break. */
  #overMs = Number.NEGATIVE_INFINITY;
  /** How much backlog may still arrive, and until when. */
  #missedMs = 0;
  #catchUpMs = 0;

  /** When all audio so far ends, if played without a break; in the past once the source is late. -Infinity: none came. */
  get overMs(): number {
    return this.#overMs;
  }

  /** Counts `playMs` of audio as received. */
  add(playMs: number, nowMs: number): void {
    this.#overMs = Math.max(this.#overMs, this.#startMs(nowMs)) + playMs;
    this.#missedMs = Math.min(this.#missedMs, Math.max(0, nowMs - this.#overMs));
  }

  /** Milliseconds of audio ahead of the clock; 0 if none. */
  ms(nowMs: number): number {
    return Math.max(0, this.#overMs - nowMs);
  }

  /** The process was paused for `absentMs`, which the clock has left out. Encoders kept sending meanwhile, so
   * that backlog is not early. */
  missed(absentMs: number, nowMs: number): void {
    const ms = Math.min(absentMs, LONGEST_ABSENCE_MS);
    this.#overMs = Math.max(this.#overMs, nowMs) - ms;
    this.#missedMs = ms;
    this.#catchUpMs = nowMs + CATCH_UP_MS;
  }

  #startMs(nowMs: number): number {
    return nowMs < this.#catchUpMs ? nowMs - this.#missedMs : nowMs;
  }
}
