// Pure: how far titles are from their sound.
import { type Turn, titleDelays } from "./progress.ts";
import type { Finding } from "./report.ts";

/** Titles may be so far from their sound. */
export const TITLE_MS = 1000;

/** Where the sound of a title is looked for, less than a song lasts. */
const AROUND_MS = 5000;

/** Each title that begins between `from` and `to` is near its sound, and each sound has its title. */
export function judgeTitles(
  titles: readonly Turn[],
  sounds: readonly Turn[],
  [fromMs, toMs]: readonly [number, number],
): Pick<Finding, "fault" | "figures"> {
  const between = ({ atMs }: Turn) => atMs >= fromMs && atMs <= toMs;
  // What is there for less than a second was a slip: the end of a track that a show had interrupted.
  const named = titles.filter(between).filter((one) => isLasting(one, titles));
  const heard = sounds.filter(between);
  const delays = titleDelays(named, sounds, AROUND_MS);
  const lasting = heard.filter((one) => isLasting(one, sounds));
  const untitled = titleDelays(lasting, titles, AROUND_MS);
  const place = (turn: Turn | undefined) =>
    `${turn?.tone} Hz at ${(((turn?.atMs ?? 0) - fromMs) / 1000).toFixed(1)} s`;
  const bad = [
    ...delays.flatMap((delay, i) => (isNear(delay) ? [] : [`${place(named[i])}: ${far(delay)}`])),
    ...untitled.flatMap((delay, i) => (delay === null ? [`${place(lasting[i])}: no title`] : [])),
  ];
  const fault = named.length === 0 ? "no title" : bad.join("\n") || null;
  return { fault, figures: `${named.length} titles, ${heard.length} tones, ${spread(delays)}` };
}

function isLasting({ atMs }: Turn, all: readonly Turn[]): boolean {
  const next = all.find((other) => other.atMs > atMs);
  return next === undefined || next.atMs - atMs > TITLE_MS;
}

/** Whether it is known, and small enough. */
export function isNear(delay: number | null): boolean {
  return delay !== null && Math.abs(delay) <= TITLE_MS;
}

const far = (delay: number | null) =>
  delay === null ? "its tone was not heard" : `${delay.toFixed(0)} ms behind its tone`;

/** The delays in milliseconds in a few figures. */
export function spread(delays: readonly (number | null)[]): string {
  const known = delays.filter((delay) => delay !== null).toSorted((a, b) => a - b);
  if (known.length === 0) return "none found";
  const [least, middle, most] = [0, known.length >> 1, known.length - 1].map((i) => known[i] ?? 0);
  return `${known.length} found, ${least?.toFixed(0)} to ${most?.toFixed(0)} ms behind their sound, in the middle ${middle?.toFixed(0)} ms`;
}
