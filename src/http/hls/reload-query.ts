// Pure: the query of a blocking playlist reload (RFC 8216, second edition, 6.2.5.2).

export interface Ask {
  /** The playlist is to have a segment of this number; -1 for the playlist as it is. */
  readonly number: number;
}

export const AS_IT_IS: Ask = { number: -1 };

/** A client may be so many segments ahead of the newest one. */
const MOST_AHEAD = 2;

/** `last`: number of the newest segment. A sentence if the query is wrong. */
export function askedSegment(query: URLSearchParams, last: number): Ask | string {
  const number = query.get("_HLS_msn");
  if (number === null) return query.has("_HLS_part") ? "_HLS_part needs _HLS_msn." : AS_IT_IS;
  if (!/^\d{1,15}$/.test(number)) return "_HLS_msn is a media sequence number.";
  const isFar = Number(number) > last + MOST_AHEAD;
  return isFar ? `_HLS_msn is too far ahead: the newest is ${last}.` : { number: Number(number) };
}
