// How much of a library is known, and what is left to do, for people.
import { type Entry, isUnknown, playedAs, type PlayForm, secondsOf } from "./entry.ts";
import type { Selection } from "./selection.ts";
import { MAX_NAMES, type Progress, type Skipped } from "./state.ts";

const MAX_REASONS = 50;

/** `name`: of a path, for people. */
export function progressOf(
  selection: Selection,
  skipped: ReadonlyMap<string, string>,
  name: (path: string) => string,
): Progress {
  const { library, choice, played } = selection;
  const [all, toMeasure, toConvert] = [sum(), sum(), sum()];
  for (const entry of library.entries.values()) {
    if (skipped.has(entry.path)) continue;
    all.add(entry);
    if (isUnknown(entry, choice)) toMeasure.add(entry);
    if (needsCopy(entry, played)) toConvert.add(entry);
  }
  const { entries, measured } = library;
  const leftOut = grouped(skipped, name).toSorted((a, b) => b.count - a.count);
  return {
    files: entries.size,
    measured,
    seconds: all.amount.seconds,
    toMeasure: toMeasure.amount,
    toConvert: toConvert.amount,
    leftOut: leftOut.slice(0, MAX_REASONS),
  };
}

function sum() {
  const amount = { files: 0, seconds: 0 };
  const add = (entry: Entry) => {
    amount.files++;
    amount.seconds += secondsOf(entry) ?? 0;
  };
  return { amount, add };
}

/** The file plays when it is converted. */
function needsCopy(entry: Entry, played: PlayForm | null): boolean {
  return played !== null && playedAs(entry, played) === null;
}

/** Files by their reason. */
export function grouped(
  skipped: Iterable<readonly [path: string, why: string]>,
  name: (path: string) => string,
): Skipped[] {
  const groups = new Map<string, string[]>();
  for (const [path, why] of skipped) {
    const group = groups.get(why) ?? [];
    group.push(path);
    groups.set(why, group);
  }
  return [...groups].map(([why, paths]) => {
    return { why, count: paths.length, names: paths.slice(0, MAX_NAMES).map(name) };
  });
}
