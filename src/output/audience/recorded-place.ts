// Where in recordings a listener goes on: behind so many bytes of what it has heard of them.
import { contentTypeOf } from "../../format/content-type.ts";
import { createParser } from "../../format/create-parser.ts";
import { type FrameParser, sameFormat, type StreamFormat } from "../../format/frame.ts";
import { splitFrames } from "../../format/frame-slice.ts";
import type { Past, RecordedPlace } from "../../mount/past.ts";

const READ_BYTES = 32 << 10;

/** A place is not farther before the moment that was asked for. */
const MOST_SKIPPED_MS = 12_000;

/** Files that a listener may have heard since it began. */
const MOST_FILES = 1000;

/** Where a listener of recordings began. */
export interface RecordedBeginning {
  /** In milliseconds since 1970. */
  readonly atMs: number;
  /** Bytes behind the first frame from there. */
  readonly skippedBytes: number;
}

export interface FoundPlace {
  /** Of a whole frame. */
  readonly place: RecordedPlace;
  /** Bytes of the frame that had been heard. */
  readonly heardBytes: number;
}

/** A frame of a file. */
interface Step {
  readonly byte: number;
  readonly length: number;
  readonly sample: number;
  /** Since the place from which the file is read. */
  readonly micros: number;
}

export function recordedParser(format: StreamFormat): FrameParser | null {
  return createParser(contentTypeOf(format) === "audio/aac" ? "aac" : "mp3");
}

/** Audio between a place and the moment that was asked for, in microseconds. */
export function skippedMicros(place: RecordedPlace, atMs: number): number {
  return Math.max(0, Math.min(MOST_SKIPPED_MS, atMs - place.atMs)) * 1000;
}

/** null: what was heard is not recorded as far as that, or not any more. Rejects when the disk fails. */
export async function placeBehind(
  past: Past,
  format: StreamFormat,
  { atMs, skippedBytes }: RecordedBeginning,
): Promise<FoundPlace | null> {
  const from = await past.at(atMs);
  if (from === null || !sameFormat(from.format, format)) return null;
  const due = skippedMicros(from, atMs);
  const first = await firstStep(past, from, ({ micros }) => micros >= due);
  if (first === null) return null;
  const there = await fileBehind(past, { ...from, byte: first.byte }, skippedBytes);
  if (there === null || !sameFormat(there.format, format)) return null;
  return frameAt(past, there);
}

/** The place so many bytes on, which need not be the start of a frame. */
async function fileBehind(past: Past, from: RecordedPlace, bytes: number) {
  let place = from;
  let rest = bytes;
  for (let count = 0; count < MOST_FILES; count++) {
    if (place.byte + rest < place.endByte) return { ...place, byte: place.byte + rest };
    const next = await past.after(place);
    if (next === null) return null;
    rest -= place.endByte - place.byte;
    place = next;
  }
  return null;
}

/** The frame in which a byte lies. */
async function frameAt(past: Past, { byte, ...file }: RecordedPlace): Promise<FoundPlace | null> {
  const known = await past.before({ ...file, byte }, byte);
  const found = await firstStep(past, known, (step) => step.byte + step.length > byte);
  if (found === null) return null;
  const place = { ...known, byte: found.byte, sample: found.sample };
  return {
    place: { ...place, atMs: known.atMs + found.micros / 1000 },
    heardBytes: byte - found.byte,
  };
}

/** The first frame from a place on that is meant; null if there is none. */
async function firstStep(
  past: Past,
  place: RecordedPlace,
  isMeant: (step: Step) => boolean,
): Promise<Step | null> {
  const file = await past.open(place);
  try {
    const parser = recordedParser(place.format);
    if (parser === null) return null;
    let next = { byte: place.byte, sample: place.sample, micros: 0 };
    for (let at = place.byte; at < place.endByte; at += READ_BYTES) {
      const into = new Uint8Array(Math.min(READ_BYTES, place.endByte - at));
      const { bytesRead } = await file.read(into, 0, into.length, at);
      for (let got = parser.push(into.subarray(0, bytesRead)); got.count > 0; got = parser.next())
        for (const { bytes, micros } of splitFrames(got)) {
          const step = { ...next, length: bytes.length };
          if (isMeant(step)) return step;
          const samples = Math.round((micros * place.format.sampleRate) / 1e6);
          const { byte, sample } = next;
          next = {
            byte: byte + bytes.length,
            sample: sample + samples,
            micros: next.micros + micros,
          };
        }
    }
    return null;
  } finally {
    await file.close();
  }
}
