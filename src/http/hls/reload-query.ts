// Pure: the query of a blocking playlist reload (RFC 8216, second edition, 6.2.5.2).

export interface Ask {
  /** The playlist is to have a segment of this number; -1 for the playlist as it is. */
  readonly number: number;
  /** Or this part of it, or the first one of the next segment if it has fewer; null for the whole segment. */
  readonly part: number | null;
}

export const AS_IT_IS: Ask = { number: -1, part: null };

/** What a playlist has by now. */
export interface Progress {
  /** Number of the newest segment; -1 before the first. */
  readonly last: number;
  /** How many parts the newest segment has, and the one that grows behind it. */
  readonly lastParts: number;
  readonly growingParts: number;
  /** Length of a part, in seconds; 0: there are none. */
  readonly partSeconds: number;
}

/** A client may be so many segments ahead of the newest one. */
const MOST_AHEAD = 2;

/** And so many parts, or as many as last that long. */
const MOST_PARTS_AHEAD = 3;
const MOST_SECONDS_AHEAD = 3;

const NAMES = ["_HLS_msn", "_HLS_part"] as const;
const NUMBER = /^\d{1,15}$/;

/** A sentence if the query is wrong. */
export function askedReload(query: URLSearchParams, progress: Progress): Ask | string {
  const [number, part] = NAMES.map((name) => query.get(name));
  if (number == null) return part == null ? AS_IT_IS : "_HLS_part needs _HLS_msn.";
  if (!NUMBER.test(number)) return "_HLS_msn is a media sequence number.";
  const { last, partSeconds } = progress;
  if (Number(number) > last + MOST_AHEAD)
    return `_HLS_msn is too far ahead: the newest is ${last}.`;
  if (part == null || partSeconds === 0) return { number: Number(number), part: null };
  if (!NUMBER.test(part)) return "_HLS_part is the index of a part.";
  const ask = { number: Number(number), part: Number(part) };
  return isFar(ask, progress) ? "_HLS_part is too far ahead." : ask;
}

function isFar({ number, part }: { number: number; part: number }, progress: Progress): boolean {
  const { last, growingParts, partSeconds } = progress;
  const most = Math.max(MOST_PARTS_AHEAD, Math.ceil(MOST_SECONDS_AHEAD / partSeconds));
  const behind = number === last + 1 ? growingParts : 0;
  return number > last && part >= behind + most;
}

/** Whether the playlist has what is asked for. */
export function isReached({ number, part }: Ask, progress: Progress): boolean {
  const { last, lastParts, growingParts } = progress;
  if (part === null || number < last) return number <= last;
  if (number === last) return part < lastParts || growingParts > 0;
  return number === last + 1 && part < growingParts;
}

/**
 * The query for the origin, whose numbers are lower by `offset` than those that players know. Each wish has one spelling, so
 * that all who have it cost the origin one request; what cannot be read is "", which the origin refuses.
 */
export function reloadAt(query: URLSearchParams, offset: number): string {
  const asked = new URLSearchParams();
  for (const name of NAMES) {
    const value = query.get(name);
    if (value === null) continue;
    const number = Number(value) - (name === "_HLS_msn" ? offset : 0);
    asked.set(name, NUMBER.test(value) ? String(Math.max(0, number)) : "");
  }
  return asked.toString();
}
