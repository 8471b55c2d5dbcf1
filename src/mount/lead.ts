// Pure: how far the audio given to a mount is ahead of the clock. It belongs to the mount, not to a connection: files
// put one after another would each bring a lead of their own, and listeners would fall behind by their sum.

/** What arrived while the process stood still is read within this long after waking up. */
const CATCH_UP_MS = 10_000;

/** More than this does not wait in the kernel. */
const LONGEST_ABSENCE_MS = 60_000;

export class Lead {
  /** When all of the audio is over, if it plays without a break. */
  #overMs = Number.NEGATIVE_INFINITY;
  /** How much of the past audio may still fill, and until when. */
  #missedMs = 0;
  #catchUpMs = 0;

  /** Audio that takes `playMs` has come. */
  add(playMs: number, nowMs: number): void {
    this.#overMs = Math.max(this.#overMs, this.#startMs(nowMs)) + playMs;
    this.#missedMs = Math.min(this.#missedMs, Math.max(0, nowMs - this.#overMs));
  }

  /** Milliseconds of audio ahead of the clock; 0 when there is none. */
  ms(nowMs: number): number {
    return Math.max(0, this.#overMs - nowMs);
  }

  /** The process stood still for `absentMs`, which the clock has left out. Encoders went on sending: what they sent
   * then was not sent early. */
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
