// Pure: the bans of all nodes. For each address the latest word counts, whether it bans or ends a ban.
import { type Ban, banRange } from "../access/ban.ts";
import { fieldsOf, numberOf, textOf } from "./parsing.ts";

/** What the cluster keeps of an address. */
export interface BanWord {
  readonly ban: Ban;
  /** When its ban was ended before its time; 0 if it was not. */
  readonly endedMs: number;
}

/** When it was said. */
export function saidMs({ ban, endedMs }: BanWord): number {
  return Math.max(ban.sinceMs, endedMs);
}

/** null for what is none. */
export function banWord(value: unknown): BanWord | null {
  const fields = fieldsOf(value);
  const address = textOf(fields?.["address"]);
  if (fields === null || address === "" || banRange(address) !== address) return null;
  const [sinceMs, untilMs] = [numberOf(fields["sinceMs"]), numberOf(fields["untilMs"])];
  if (untilMs <= sinceMs || untilMs > MAX_MS) return null;
  const text = { by: textOf(fields["by"]), reason: textOf(fields["reason"]) };
  return { ban: { address, sinceMs, untilMs, ...text }, endedMs: numberOf(fields["endedMs"]) };
}

/** Dates end in the year 275760. */
const MAX_MS = 8.64e15;

export type BanStep =
  { readonly kind: "ban"; readonly ban: Ban } | { readonly kind: "end"; readonly address: string };

/** What a word of another node changes here; null for nothing. `mine`: the ban of that address here. */
export function stepOf(word: BanWord, mine: Ban | null, nowMs: number): BanStep | null {
  const { ban, endedMs } = word;
  const isOver = endedMs >= ban.sinceMs || ban.untilMs <= nowMs;
  if (mine !== null && mine.sinceMs > saidMs(word)) return null;
  if (isOver) return mine === null ? null : { kind: "end", address: ban.address };
  const isSame = mine?.sinceMs === ban.sinceMs && mine.untilMs === ban.untilMs;
  return isSame ? null : { kind: "ban", ban };
}

/** The bans here that the cluster does not know, or of which it has an older version. */
export function unknownBans(mine: readonly Ban[], kept: ReadonlyMap<string, BanWord>): Ban[] {
  return mine.filter((ban) => {
    const word = kept.get(ban.address);
    return word === undefined || saidMs(word) < ban.sinceMs;
  });
}
