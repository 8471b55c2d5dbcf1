// Measures a file's format and duration from its first frames, with synchronous reads: for a disk thread only.
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { audioExtent, type Extent, type RangeReader } from "../format/tags/extent.ts";
import { FRAME_WORDS, type FrameParser, type Frames, type StreamFormat } from "../format/frame.ts";
import { systemPath } from "../lib/path-text.ts";
import { isInside } from "../lib/shipped.ts";
import { NO_AUDIO, NO_FILE, parserFor, TrackError } from "./playable.ts";

/** Frames are counted in one block of this size, after searching a few such blocks for the first. */
const READ_BYTES = 32_768;
const MAX_READS = 32;

export interface Measure {
  readonly format: StreamFormat;
  /** Playing time, estimated from the bitrate of the first frames. */
  readonly seconds: number;
}

/** null if more than a look is needed. Throws TrackError, or the file system's error. */
export async function measureFile(path: string): Promise<Measure | null> {
  if (isInside(path)) return measureBytes(readFileSync(path));
  const fd = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new TrackError(NO_FILE);
    return await measure((offset, length) => readAt(fd, offset, length), stat.size);
  } finally {
    closeSync(fd);
  }
}

function measureBytes(bytes: Uint8Array): Promise<Measure | null> {
  return measure(async (offset, length) => bytes.subarray(offset, offset + length), bytes.length);
}

async function readAt(fd: number, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
}

async function measure(reader: RangeReader, size: number): Promise<Measure | null> {
  if (size === 0) throw new TrackError("it is empty");
  const extent = await audioExtent(reader, size);
  const parser = await parserFor(reader, extent);
  const { seconds, bytes, isWhole } = await firstFrames(reader, extent, parser);
  if (parser.format === null || bytes === 0) {
    if (isWhole) throw new TrackError(NO_AUDIO);
    return null;
  }
  const whole = isWhole ? bytes : extent.end - extent.start;
  return { format: parser.format, seconds: (seconds / bytes) * whole };
}

/** Playing time and bytes of the first frames, without headers. */
async function firstFrames(reader: RangeReader, { start, end }: Extent, parser: FrameParser) {
  const sum = { seconds: 0, bytes: 0, isWhole: false };
  for (let i = 0, at = start; i < MAX_READS && sum.bytes === 0 && !sum.isWhole; i++) {
    const chunk = await reader(at, Math.min(READ_BYTES, end - at));
    at += chunk.length;
    count(sum, parser.push(chunk), parser);
    sum.isWhole = at >= end || chunk.length === 0;
    if (sum.isWhole) count(sum, parser.end(), parser);
  }
  return sum;
}

function count(sum: { seconds: number; bytes: number }, first: Frames, parser: FrameParser): void {
  for (let frames = first; frames.count > 0; frames = parser.next()) {
    sum.seconds += frames.seconds;
    for (let i = 0; i < frames.count; i++) {
      if ((frames.samples[i] ?? 0) > 0) sum.bytes += frames.table[i * FRAME_WORDS] ?? 0;
    }
  }
}
