// Where in recordings a listener goes on: behind so many bytes of what it has heard of them.
import { sameFormat, type StreamFormat } from "../../format/frame.ts";
import type { Past, RecordedPlace } from "../../mount/past.ts";
import { firstStep, leadAt, type Step, walk } from "./recorded-walk.ts";

/** A place is not farther before the moment that was asked for. */
const MOST_SKIPPED_MS = 12_000;

/** Where a listener of recordings began. */
export interface RecordedBeginning {
  /** In milliseconds since 1970. */
  readonly atMs: number;
  /** Bytes behind the first frame from there, without the headers of Ogg in front of that. */
  readonly skippedBytes: number;
}

export interface FoundPlace {
  /** Of a whole frame. */
  readonly place: RecordedPlace;
  /** Bytes of the frame that had been heard, and of headers before it. */
  readonly heardBytes: number;
  /** Headers that the former stream began with. */
  readonly leadBytes: number;
}

/** Audio between a place and the moment that was asked for, in microseconds. */
export function skippedMicros(place: RecordedPlace, atMs: number): number {
  return Math.max(0, Math.min(MOST_SKIPPED_MS, atMs - place.atMs)) * 1000;
}

/** `bytes`: received of the stream that began there. null: what was heard is not recorded as far as that, or not any more.
 * Rejects when the disk fails. */
export async function placeBehind(
  past: Past,
  format: StreamFormat,
  { atMs, skippedBytes }: RecordedBeginning,
  bytes: number,
): Promise<FoundPlace | null> {
  const from = await past.at(atMs);
  if (from === null || !sameFormat(from.format, format)) return null;
  const due = skippedMicros(from, atMs);
  const isFirst = ({ micros, frame: { page } }: Step) => micros >= due && page?.isStart !== false;
  const first = await firstStep(past, from, isFirst);
  if (first === null) return null;
  const begun = await walk(past, { ...from, byte: first.byte }, skippedBytes);
  if (begun === null) return null;
  const leadBytes = await leadAt(past, begun.place);
  if (bytes < leadBytes) return { place: begun.place, heardBytes: bytes, leadBytes };
  const there = await walk(past, begun.place, begun.heardBytes + bytes - leadBytes);
  if (there === null || !sameFormat(there.place.format, format)) return null;
  return { ...there, leadBytes };
}
