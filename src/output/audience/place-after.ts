// Finds audio in a ring that a listener got by other means.
import type { Ring } from "../../native/ring.ts";

/** The clock that a recording is found by is not as exact as its bytes. */
const WINDOW_SECONDS = 30;

/** The position behind these bytes, which were written about so many seconds ago; null if they are not held there, or are
 * there twice: silence repeats. */
export function placeAfter(ring: Ring, bytes: Uint8Array, secondsBack: number): number | null {
  if (bytes.length === 0) return null;
  const from = ring.seek(secondsBack + WINDOW_SECONDS);
  const to = ring.seek(Math.max(0, secondsBack - WINDOW_SECONDS));
  const start = from % ring.capacity;
  const { buffer, byteOffset } = ring.memory;
  const held = Buffer.from(buffer, byteOffset + start, to - from);
  const at = held.indexOf(bytes);
  return at < 0 || held.lastIndexOf(bytes) !== at ? null : from + at + bytes.length;
}
