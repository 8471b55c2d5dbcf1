// Pure: how a source's audio stands to the clock: how far it is ahead, and how long none has come.

/** Encoders send so much at once, to fill what is between them and the listeners; a file would go on for ever. */
const MAX_LEAD_MS = 10_000;

/** The clocks of sound cards differ from ours by less: an encoder that runs on one is never held up. */
const MAX_SPEED = 1.001;

/** A page or block may take so long to become whole; longer ones are no radio. */
const LONGEST_FRAME_MS = 60_000;

export class Pace {
  /** When all of its audio is over, played from when it came. */
  #overMs: number;
  /** When its audio came last. */
  #soundMs: number;
  /** Of its garbage, what had come by then. */
  #garbageBytes = 0;

  constructor(nowMs: number) {
    this.#overMs = nowMs;
    this.#soundMs = nowMs;
  }

  /** So much audio has come, and so much garbage in all. */
  sound(seconds: number, garbageBytes: number, nowMs: number): void {
    this.#overMs = Math.max(this.#overMs, nowMs) + (seconds * 1000) / MAX_SPEED;
    this.#soundMs = nowMs;
    this.#garbageBytes = garbageBytes;
  }

  /** It is made to wait: meanwhile none is missed. */
  wait(nowMs: number): void {
    this.#soundMs = nowMs;
  }

  /** More would be more than listeners should have before its time. */
  isAhead(nowMs: number): boolean {
    return this.#overMs - nowMs > MAX_LEAD_MS;
  }

  /** No audio for `timeoutMs`, though bytes came: garbage at once, what may yet be a long frame after a while. */
  isSoundless(nowMs: number, garbageBytes: number, timeoutMs: number): boolean {
    const isGarbage = garbageBytes > this.#garbageBytes;
    const patienceMs = isGarbage ? timeoutMs : Math.max(timeoutMs, LONGEST_FRAME_MS);
    return nowMs - this.#soundMs >= patienceMs;
  }
}
