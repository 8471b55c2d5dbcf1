// Pure: the format with most of a library's playing time, and when a chosen format gives way to another.
import { describeFormat, sameFormat, type StreamFormat } from "../format/frame.ts";

/** A chosen format stays until another has this many times its playing time: a change makes listeners reconnect. */
const MARGIN = 1.25;

/** A format with this share of a sample's playing time has the majority of the library. */
const CLEAR_SHARE = 0.9;

/** The playing time of one file, for the format that suits it. */
export interface Vote {
  readonly format: StreamFormat;
  readonly seconds: number;
}

/** null without audio; ties are broken by name, so that every start decides alike. */
export function majority(votes: Iterable<Vote>): StreamFormat | null {
  return [...sums(votes).values()].toSorted(longerFirst)[0]?.format ?? null;
}

/** Whether one format has nearly all of the playing time. */
export function isClear(votes: Iterable<Vote>): boolean {
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
