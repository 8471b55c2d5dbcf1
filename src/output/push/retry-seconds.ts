// Pure: when to try again.
const MOST_SECONDS = 30;

/** At most this share earlier or later, so that servers that lost each other do not all meet again at once. */
const JITTER = 0.2;

/** Seconds until the next attempt: 1, 2, 4, .. 30, each with some jitter. `attempts`: those that failed before this one;
 * `random`: gives 0 to 1. */
export function retrySeconds(attempts: number, random: () => number): number {
  const seconds = Math.min(MOST_SECONDS, 2 ** Math.min(attempts, 10));
  return seconds * (1 + JITTER * (2 * random() - 1));
}
