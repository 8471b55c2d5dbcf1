// The only module that reads the time: other code gets a Clock, so that tests control it.

export interface Clock {
  /** Milliseconds on a clock that never goes back, with an arbitrary zero. */
  nowMs(): number;
  /** Marks a turn of the event loop. Returns the milliseconds this clock left out since the last call. */
  beat?(): number;
  /** Milliseconds on the same scale with nothing left out. */
  realMs?(): number;
}

export const systemClock: Clock = { nowMs: () => performance.now() };

/** Milliseconds since 1970; may jump when the system's clock is set. For dates that people read, never for
 * intervals. */
export const wallClock: Clock = { nowMs: () => Date.now() };

/** The same clock, but later than ever before each time it is read, by a millisecond at least. */
export function distinct(clock: Clock): Clock {
  let lastMs = Number.NEGATIVE_INFINITY;
  return { nowMs: () => (lastMs = Math.max(clock.nowMs(), lastMs + 1)) };
}

/** Timers fire at least once a second; a longer pause means the process was not running. */
const LONGEST_TURN_MS = 2000;

/** A clock that stops while the process does (SIGSTOP, a paused virtual machine, a stall of our own), so that
 * peers are not timed out for our absence. At most LONGEST_TURN_MS pass between two beats, so after waking up
 * the order of sockets and timers does not matter. */
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

/** Real elapsed time, for measuring lag and durations. */
export function realMs(clock: Clock): number {
  return clock.realMs?.() ?? clock.nowMs();
}
