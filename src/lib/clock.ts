// The only place that reads time: everything else is handed a Clock, so that tests own it.

export interface Clock {
  /** Milliseconds on a clock that never goes back; its zero means nothing. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => performance.now() };

/** The same, but its zero is the beginning of 1970 and it may be set: for dates that people read, never for intervals. */
export const wallClock: Clock = { nowMs: () => Date.now() };
