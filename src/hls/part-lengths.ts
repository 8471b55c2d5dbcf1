// Pure: the length that a playlist promises of its parts (RFC 8216, second edition, 4.4.3.7 and 4.4.4.9).

/** All parts but the last one of a segment have 85 to 100 % of the target: a part ends with the frame that makes it as long as
 * configured, and frames may be this share of it. */
export const PART_TOLERANCE = 0.15;

/** Players that begin nearer to the end than three parts run dry when one is late. */
const HELD_PARTS = 3;

/** EXT-X-PART-INF:PART-TARGET, in seconds. */
export function partTarget(partSeconds: number): number {
  return rounded(partSeconds * (1 + PART_TOLERANCE));
}

/** PART-HOLD-BACK, in seconds. */
export function partHoldBack(partSeconds: number): number {
  return rounded(partTarget(partSeconds) * HELD_PARTS);
}

function rounded(seconds: number): number {
  return Math.ceil(seconds * 1000 - 1e-6) / 1000;
}
