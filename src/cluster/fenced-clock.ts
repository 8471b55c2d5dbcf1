// A clock for promises that end with time: it counts what a monotonic clock leaves out while a machine is suspended.
import { type Clock, realMs } from "../lib/clock.ts";

/** Advances by whichever of both clocks advanced more since it was last read. */
export class FencedClock implements Clock {
  #monotonicMs: number;
  #wallMs: number;
  #nowMs = 0;

  /** `wall`: milliseconds since 1970; it may be set back or ahead. */
  constructor(
    private readonly monotonic: Clock,
    private readonly wall: Clock,
  ) {
    this.#monotonicMs = realMs(monotonic);
    this.#wallMs = wall.nowMs();
  }

  nowMs(): number {
    const [monotonicMs, wallMs] = [realMs(this.monotonic), this.wall.nowMs()];
    const passedMs = Math.max(0, monotonicMs - this.#monotonicMs, wallMs - this.#wallMs);
    this.#monotonicMs = monotonicMs;
    this.#wallMs = wallMs;
    return (this.#nowMs += passedMs);
  }
}
