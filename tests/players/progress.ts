// Pure: whether a player ever stood still, from what it had played, or had got, at several moments.

/** At this time of a clock, in milliseconds, so many seconds of audio. */
export interface Mark {
  readonly atMs: number;
  readonly seconds: number;
}

/** The worst of something in seconds, and when it was, on the clock of the marks. */
export interface Worst {
  readonly seconds: number;
  readonly atMs: number;
}

/** The longest time that a player fell behind the clock since its first sound. It plays at normal speed. */
export function fellBehind(played: readonly Mark[]): Worst {
  const [first] = played.filter(({ seconds }) => seconds > 0);
  if (first === undefined) return { seconds: Number.POSITIVE_INFINITY, atMs: 0 };
  let least = 0;
  let most = { seconds: 0, atMs: first.atMs };
  for (const { atMs, seconds } of played) {
    if (atMs < first.atMs) continue;
    const behind = (atMs - first.atMs) / 1000 - (seconds - first.seconds);
    least = Math.min(least, behind);
    if (behind - least > most.seconds) most = { seconds: behind - least, atMs };
  }
  return most;
}

/**
 * The least that one who plays at normal speed had in store, where `got` is what has arrived of the audio. Below 0
 * there was nothing to play. It begins when `startSeconds` are there.
 */
export function leastInStore(got: readonly Mark[], startSeconds: number): Worst {
  const first = got.find(({ seconds }) => seconds >= startSeconds);
  if (first === undefined) return { seconds: Number.NEGATIVE_INFINITY, atMs: 0 };
  let before = first;
  let least = { seconds: first.seconds, atMs: first.atMs };
  for (const mark of got) {
    if (mark.atMs < first.atMs) continue;
    // Until this moment there was what had arrived before.
    const seconds = before.seconds - (mark.atMs - first.atMs) / 1000;
    if (seconds < least.seconds) least = { seconds, atMs: mark.atMs };
    before = mark;
  }
  return least;
}

/** Something that is known by its tone, from this moment on. */
export interface Turn {
  readonly atMs: number;
  readonly tone: number;
}

/** For each title, the milliseconds from its sound to it; null where its sound was not heard around that time. */
export function titleDelays(
  titles: readonly Turn[],
  sounds: readonly Turn[],
  withinMs: number,
): (number | null)[] {
  return titles.map(({ atMs, tone }) => {
    const delays = sounds
      .filter((sound) => sound.tone === tone)
      .map((sound) => atMs - sound.atMs)
      .filter((delay) => Math.abs(delay) <= withinMs)
      .toSorted((a, b) => Math.abs(a) - Math.abs(b));
    return delays[0] ?? null;
  });
}
