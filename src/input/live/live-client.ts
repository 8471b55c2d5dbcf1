// A source client as its input knows it.
import { FRAME_SYNC, FRAME_WORDS, type Frames } from "../../format/frame.ts";
import { plainText } from "../../lib/text.ts";
import type { Refusal } from "../../wire/answers.ts";

export interface LiveClient {
  readonly address: string;
  /** The account it logged in to, or "" for the mount's password. */
  readonly user?: string;
  /** That of its account. */
  readonly priority?: number;
  readonly userAgent: string;
  /** The name of its show (ice-name), or "". */
  readonly showName: string;
  /** Audio bytes between inline titles in its body; null without inline titles. */
  readonly metaint: number | null;
  /** kbit/s; 0 if not declared. */
  readonly declaredBitrate?: number;
}

/** Why the source cannot continue. */
export interface Fault {
  readonly refusal: Refusal;
  readonly why: string;
}

/** A source's name for log and desk: DJs at one address differ by their accounts. */
export function liveName({ address, user = "", userAgent }: LiveClient): string {
  const who = user === "" ? address : `${user} at ${address}`;
  return `the live source ${who} (${plainText(userAgent, 80) || "unnamed program"})`;
}

/** A source that sends headers only must not go on air. */
export function isAudio({ table, count, seconds }: Frames): boolean {
  if (seconds > 0) return true;
  return Array.from({ length: count }, (_, i) => table[i * FRAME_WORDS + 2] ?? 0).includes(
    FRAME_SYNC,
  );
}
