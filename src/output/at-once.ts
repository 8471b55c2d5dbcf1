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

/** A playlist releases frames in groups of up to this much audio while all listeners are served at once. */
export const GROUP_MS = 100;

/** The same while nobody listens. Below a second, after which the playlist would count as late. */
export const UNHEARD_GROUP_MS = 500;

/** `isAtOnce`: the current mode. */
export function staysAtOnce(isAtOnce: boolean, listeners: number): boolean {
  return isAtOnce ? listeners < FEWEST_SPREAD : listeners <= MOST_AT_ONCE;
}

export function sendsPerSecond(isAtOnce: boolean): number {
  return isAtOnce ? SENDS_AT_ONCE : SENDS_SPREAD;
}
