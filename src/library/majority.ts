// Pure: the format with most of a library's playing time, and when a chosen format gives way to another.
import { describeFormat, sameFormat, type StreamFormat } from "../format/frame.ts";
import type { Measure } from "./measure.ts";

/** A chosen format stays until another has this many times its playing time: a change makes listeners reconnect. */
const MARGIN = 1.25;

/** null without audio; ties are broken by name, so that every start decides alike. */
export function majority(measures: Iterable<Measure>): StreamFormat | null {
  return [...sums(measures).values()].toSorted(longerFirst)[0]?.format ?? null;
}

/** Whether `chosen` should give way to the majority once all files are measured. */
export function isOutdone(
  chosen: StreamFormat,
  by: StreamFormat,
  measures: Iterable<Measure>,
): boolean {
  const all = sums(measures);
  const [its = 0, others = 0] = [chosen, by].map((format) => all.get(keyOf(format))?.seconds);
  return !sameFormat(chosen, by) && others > its * MARGIN;
}

interface Sum {
  readonly format: StreamFormat;
  seconds: number;
}

function sums(measures: Iterable<Measure>): Map<string, Sum> {
  const all = new Map<string, Sum>();
  for (const { format, seconds } of measures) {
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
