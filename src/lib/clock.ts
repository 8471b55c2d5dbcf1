// The only place that reads time: everything else is handed a Clock, so that tests own it.

export interface Clock {
  /** Milliseconds on a clock that never goes back; its zero means nothing. */
  nowMs(): number;
  /** The event loop has turned. Returns the milliseconds this clock left out since the last call. */
  beat?(): number;
  /** Milliseconds on the same scale with nothing left out. */
  realMs?(): number;
}

export const systemClock: Clock = { nowMs: () => performance.now() };

/** The same, but its zero is the beginning of 1970 and it may be set: for dates that people read, never for intervals. */
export const wallClock: Clock = { nowMs: () => Date.now() };

/** Pauses between turns are a second at most; a longer turn is our own absence. */
const LONGEST_TURN_MS = 2000;

/**
 * A clock that stands still while the process does: after a SIGSTOP, a paused virtual machine or a stall of our own,
 * peers are judged by the time in which we could have heard them, not by ours. At most LONGEST_TURN_MS pass between two
 * beats, so it makes no difference whether sockets or timers come first after waking up.
 */
export class WakingClock implements Clock {
  #beatMs: number;
  #leftOutMs = 0;

  constructor(private readonly real: Clock = systemClock) {
    this.#beatMs = real.nowMs();
  }

  nowMs(): number {
    const realMs = Math.min(this.real.nowMs(), this.#beatMs + LONGEST_TURN_MS);
    return realMs - this.#leftOutMs;
  }

  beat(): number {
    const realMs = this.real.nowMs();
    const excessMs = Math.max(0, realMs - this.#beatMs - LONGEST_TURN_MS);
    this.#leftOutMs += excessMs;
    this.#beatMs = realMs;
    return excessMs;
  }

  realMs(): number {
    return this.real.nowMs();
  }
}

/** Nothing left out: for how late and how long things really were. */
export function realMs(clock: Clock): number {
  return clock.realMs?.() ?? clock.nowMs();
}
