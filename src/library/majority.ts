// Pure: the format with most of a library's playing time, and when a chosen format gives way to another.
import { describeFormat, sameFormat, type StreamFormat } from "../format/frame.ts";

/** A chosen format stays until another has this many times its playing time: a change makes listeners reconnect. */
const MARGIN = 1.25;

/** A format with this share of a sample's playing time has the majority of the library. */
const CLEAR_SHARE = 0.9;

/** The first track waits for a sample of this many measured files that agree on a format. */
const CLEAR_SAMPLE = 64;

/** A sample that does not agree has at least so many files and takes so long; from a slow network share it has fewer. */
const SAMPLE = 20;
const SAMPLE_MS = 400;
const MAX_SAMPLE_MS = 2000;

/** The playing time of one file, for the format that suits it. */
export interface Vote {
  readonly format: StreamFormat;
  readonly seconds: number;
}

/** null without audio; ties are broken by name, so that every start decides alike. */
export function majority(votes: Iterable<Vote>): StreamFormat | null {
  return [...sums(votes).values()].toSorted(longerFirst)[0]?.format ?? null;
}

/** Whether the files measured so far, which took so long, decide the format. */
export function isFair(votes: readonly Vote[], tookMs: number): boolean {
  if (votes.length >= CLEAR_SAMPLE && isClear(votes)) return true;
  if (votes.length >= SAMPLE) return tookMs >= SAMPLE_MS;
  return votes.length > 0 && tookMs >= MAX_SAMPLE_MS;
}

/** Whether one format has nearly all of the playing time. */
function isClear(votes: Iterable<Vote>): boolean {
  const each = [...sums(votes).values()].map(({ seconds }) => seconds);
  const all = each.reduce((sum, seconds) => sum + seconds, 0);
  return Math.max(0, ...each) >= all * CLEAR_SHARE;
}

/** Whether `chosen` should give way to the majority once all files are measured. */
export function isOutdone(chosen: StreamFormat, by: StreamFormat, votes: Iterable<Vote>): boolean {
  const all = sums(votes);
  const [its = 0, others = 0] = [chosen, by].map((format) => all.get(keyOf(format))?.seconds);
  return !sameFormat(chosen, by) && others > its * MARGIN;
}

interface Sum {
  readonly format: StreamFormat;
  seconds: number;
}

function sums(votes: Iterable<Vote>): Map<string, Sum> {
  const all = new Map<string, Sum>();
  for (const { format, seconds } of votes) {
    const key = keyOf(format);
    const sum = all.get(key);
    if (sum === undefined) all.set(key, { format, seconds });
    else sum.seconds += seconds;
  }
  return all;
}

function keyOf(format: StreamFormat): string {
  return describeFormat(format);
}

function longerFirst(a: Sum, b: Sum): number {
  return b.seconds - a.seconds || (keyOf(a.format) < keyOf(b.format) ? -1 : 1);
}
