// Pure: decides whether a station has so few listeners that all of them are served on every write.

/** One turn serves this many within 2 to 3 ms. */
const MOST_AT_ONCE = 500;

/** Above MOST_AT_ONCE, so that one listener coming and going does not switch modes repeatedly. */
const FEWEST_SPREAD = 600;

/** Send budget of a station: ten sends per second and listener up to the switch. */
const SENDS_AT_ONCE = 10 * FEWEST_SPREAD;

/** Send budget per second when sends are spread, before spans grow towards chunk_size: 1 to 1.5 % of a core at
 * 5-7 µs per send. */
export const SENDS_SPREAD = 2000;

const GROUP_MS = 100;

/** Below a second, after which a playlist counts as late. */
const UNHEARD_GROUP_MS = 500;

/** `isAtOnce`: the current mode. */
export function staysAtOnce(isAtOnce: boolean, listeners: number): boolean {
  return isAtOnce ? listeners < FEWEST_SPREAD : listeners <= MOST_AT_ONCE;
}

/** A playlist releases frames in groups of up to this much audio; 0 for each when it is due. */
export function groupMs(isAtOnce: boolean, listeners: number): number {
  if (listeners === 0) return UNHEARD_GROUP_MS;
  return isAtOnce ? GROUP_MS : 0;
}

export function sendsPerSecond(isAtOnce: boolean): number {
  return isAtOnce ? SENDS_AT_ONCE : SENDS_SPREAD;
}
