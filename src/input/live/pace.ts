// Pure: compares a source's audio with the clock: whether it is too far ahead, and for how long none has arrived.
import type { Lead } from "../../mount/lead.ts";

/** Encoders send up to this much at once to fill buffers; a file sent without pacing would never stop. */
const MAX_LEAD_MS = 10_000;

/** Sound card clocks deviate less than this, so an encoder that runs on one is never held up. */
const MAX_SPEED = 1.001;

/** The longest wait for an incomplete page or block. */
const LONGEST_FRAME_MS = 60_000;

/** A tag of 16 MiB over 1 Mbit/s takes less. */
const LONGEST_TAG_MS = 180_000;

/** A mount's lead, or one that a source has for itself. */
export type PaceLead = Pick<Lead, "add" | "ms">;

export class Pace {
  /** Time of its latest audio. */
  #soundMs: number;
  /** Time of the latest bytes of a tag with a known length. */
  #tagMs = Number.NEGATIVE_INFINITY;
  /** Its garbage at the time of its latest audio. */
  #garbageBytes = 0;

  constructor(
    private readonly lead: PaceLead,
    nowMs: number,
  ) {
    this.#soundMs = nowMs;
  }

  /** Audio has arrived; `garbageBytes` is the total so far. */
  sound(seconds: number, garbageBytes: number, nowMs: number): void {
    this.lead.add((seconds * 1000) / MAX_SPEED, nowMs);
    this.#soundMs = nowMs;
    this.#garbageBytes = garbageBytes;
  }

  /** Bytes of a tag with a known length have arrived: audio will follow. */
  tag(nowMs: number): void {
    this.#tagMs = nowMs;
  }

  /** The source is held up, so the lack of audio is not its fault. */
  wait(nowMs: number): void {
    this.#soundMs = nowMs;
  }

  /** Further audio has to wait. */
  isAhead(nowMs: number): boolean {
    return this.lead.ms(nowMs) > MAX_LEAD_MS;
  }

  /** No audio for `timeoutMs` although bytes arrived; longer if they may be an incomplete frame or tag. */
  isSoundless(nowMs: number, garbageBytes: number, timeoutMs: number): boolean {
    const isTag = nowMs - this.#tagMs < timeoutMs;
    if (isTag) return nowMs - this.#soundMs >= Math.max(timeoutMs, LONGEST_TAG_MS);
    const isGarbage = garbageBytes > this.#garbageBytes;
    const patienceMs = isGarbage ? timeoutMs : Math.max(timeoutMs, LONGEST_FRAME_MS);
    return nowMs - this.#soundMs >= patienceMs;
  }
}
