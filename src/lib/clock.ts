// The only place that reads time: everything else is handed a Clock, so that tests own it.

export interface Clock {
  /** Milliseconds on a clock that never goes back; its zero means nothing. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => performance.now() };
