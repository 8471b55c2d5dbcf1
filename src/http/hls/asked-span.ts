// Pure: the stretch of the past that the query of a playlist asks for.
import { askedTime } from "../../output/audience/asked-place.ts";

export interface AskedSpan {
  /** Milliseconds since 1970. */
  readonly fromMs: number;
  /** null: the playlist grows as time passes. */
  readonly toMs: number | null;
  /** One of them was given as seconds back, which is another moment at the next request. */
  readonly isRelative: boolean;
}

/** A playlist of more would be hundreds of kilobytes. */
const MOST_HOURS = 12;

/** A sentence if the query is wrong. */
export function askedSpan(query: URLSearchParams, nowMs: number): AskedSpan | string {
  const [from, to] = ["from", "to"].map((name) => momentIn(query, name, nowMs));
  if (typeof from === "string") return from;
  if (typeof to === "string") return to;
  if (from === undefined || from === null)
    return "from is missing: a date with its zone, or seconds back.";
  const span = { fromMs: from.ms, toMs: to?.ms ?? null };
  const endMs = Math.min(span.toMs ?? nowMs, nowMs);
  if (span.fromMs >= endMs) return "from is not before to, or still to come.";
  if (endMs - span.fromMs > MOST_HOURS * 3_600_000) return `At most ${MOST_HOURS} hours at a time.`;
  return { ...span, isRelative: from.isRelative || to?.isRelative === true };
}

interface Moment {
  readonly ms: number;
  readonly isRelative: boolean;
}

/** null if it is not given. */
function momentIn(query: URLSearchParams, name: string, nowMs: number): Moment | string | null {
  const given = query.get(name);
  if (given === null) return null;
  const asked = askedTime(given, name);
  if (asked.kind === "unreadable") return `${asked.sentence}.`;
  if (asked.kind === "date") return { ms: asked.wallMs, isRelative: false };
  return { ms: Math.floor(nowMs - asked.seconds * 1000), isRelative: true };
}
