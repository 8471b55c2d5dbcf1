// Pure: how a source's audio stands to the clock: whether more would come too early, and how long none has come.
import type { Lead } from "../../mount/lead.ts";

/** Encoders send this much at once to fill the buffers between them and the listeners; a file would go on for ever. */
const MAX_LEAD_MS = 10_000;

/** Sound card clocks differ from ours by less, so an encoder that runs on one is never held up. */
const MAX_SPEED = 1.001;

/** A page or block may take this long to become whole; longer ones are no radio. */
const LONGEST_FRAME_MS = 60_000;

/** A tag of 16 MiB over 1 Mbit/s takes less. */
const LONGEST_TAG_MS = 180_000;

export class Pace {
  /** When its audio came last. */
  #soundMs: number;
  /** When bytes of a tag that said its length came last. */
  #tagMs = Number.NEGATIVE_INFINITY;
  /** Its garbage by then. */
  #garbageBytes = 0;

  constructor(
    private readonly lead: Lead,
    nowMs: number,
  ) {
    this.#soundMs = nowMs;
  }

  /** So much audio has come, and so much garbage in all. */
  sound(seconds: number, garbageBytes: number, nowMs: number): void {
    this.lead.add((seconds * 1000) / MAX_SPEED, nowMs);
    this.#soundMs = nowMs;
    this.#garbageBytes = garbageBytes;
  }

  /** Bytes of a tag have come that said how long it is: audio is to follow. */
  tag(nowMs: number): void {
    this.#tagMs = nowMs;
  }

  /** It is made to wait, so no audio is missed meanwhile. */
  wait(nowMs: number): void {
    this.#soundMs = nowMs;
  }

  /** More would be more than listeners should have before its time. */
  isAhead(nowMs: number): boolean {
    return this.lead.ms(nowMs) > MAX_LEAD_MS;
  }

  /** No audio for `timeoutMs`, though bytes came: garbage at once, what may yet be a long frame after a while. */
  isSoundless(nowMs: number, garbageBytes: number, timeoutMs: number): boolean {
    const isTag = nowMs - this.#tagMs < timeoutMs;
    if (isTag) return nowMs - this.#soundMs >= Math.max(timeoutMs, LONGEST_TAG_MS);
    const isGarbage = garbageBytes > this.#garbageBytes;
    const patienceMs = isGarbage ? timeoutMs : Math.max(timeoutMs, LONGEST_FRAME_MS);
    return nowMs - this.#soundMs >= patienceMs;
  }
}
