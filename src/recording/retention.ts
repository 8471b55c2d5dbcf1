// Pure: which recordings may be deleted, and when.
import type { MinFree } from "../config/recording-keys.ts";
import type { DiskRoom } from "../disk/call.ts";
import type { Summary } from "./document.ts";

export interface KeepRule {
  readonly mount: string;
  readonly recording: string;
  /** Seconds; 0 for ever. */
  readonly keepSeconds: number;
  readonly minFree: MinFree;
}

/** A complete recording. */
export interface Entry {
  /** Names it at the desk and in the API. */
  readonly id: string;
  /** Absolute, without its ending. */
  readonly base: string;
  /** Absolute, of the audio. */
  readonly path: string;
  readonly summary: Summary;
  /** Bytes of the audio file. */
  readonly size: number;
}

function ruleOf({ summary }: Entry, rules: readonly KeepRule[]): KeepRule | undefined {
  const { mount, recording } = summary;
  return rules.find((rule) => rule.mount === mount && rule.recording === recording);
}

/** Never deleted for space: held, or of a recording that is not configured any more. */
export function isKept(entry: Entry, rules: readonly KeepRule[]): boolean {
  return entry.summary.hold || ruleOf(entry, rules) === undefined;
}

/** The recordings whose time is over, the oldest first. */
export function outdated(
  entries: readonly Entry[],
  rules: readonly KeepRule[],
  nowMs: number,
): Entry[] {
  const isOver = (entry: Entry) => {
    const seconds = ruleOf(entry, rules)?.keepSeconds ?? 0;
    return seconds > 0 && entry.summary.end_ms < nowMs - seconds * 1000;
  };
  return entries.filter((entry) => !isKept(entry, rules) && isOver(entry)).toSorted(byAge);
}

export function oldestOf([first, ...others]: readonly Entry[]): Entry | undefined {
  if (first === undefined) return undefined;
  return others.reduce((oldest, entry) => (byAge(entry, oldest) < 0 ? entry : oldest), first);
}

function byAge(a: Entry, b: Entry): number {
  return a.summary.start_ms - b.summary.start_ms;
}

/** Bytes of the disk that have to stay free: what the strictest rule wants. */
export function neededBytes(rules: readonly KeepRule[], room: DiskRoom | null): number {
  const totalBytes = room?.totalBytes ?? 0;
  const of = ({ bytes, percent }: MinFree) => Math.max(bytes, (percent / 100) * totalBytes);
  return Math.max(0, ...rules.map(({ minFree }) => of(minFree)));
}
