// Pure: whether a station's listeners are so few that all of them are sent to as soon as something is written.

/** One turn serves them all within 2 to 3 ms. */
const MOST_AT_ONCE = 500;

/** Above MOST_AT_ONCE, so that a listener who comes and goes does not switch back and forth. */
const FEWEST_SPREAD = 600;

/** What all listeners of a station may cost together, in sends: ten a second, however many they are. */
const SENDS_AT_ONCE = 10 * FEWEST_SPREAD;

/** The same where sends are spread, before spans grow towards chunk_size: 1 to 1.5 % of a core at the 5-7 µs
 * that a send costs. */
export const SENDS_SPREAD = 2000;

/** A playlist lets go of its frames in groups of up to so much, while nobody listens or all are sent to at once. */
export const GROUP_MS = 100;

/** `isAtOnce`: what held until now. */
export function staysAtOnce(isAtOnce: boolean, listeners: number): boolean {
  return isAtOnce ? listeners < FEWEST_SPREAD : listeners <= MOST_AT_ONCE;
}

export function sendsPerSecond(isAtOnce: boolean): number {
  return isAtOnce ? SENDS_AT_ONCE : SENDS_SPREAD;
}
