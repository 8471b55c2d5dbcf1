// Measures a file from its first and last bytes: format, duration, tags, and an identity of its audio. Reads
// synchronously: for a disk thread only.
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { FRAME_WORDS, type FrameParser, type Frames, type StreamFormat } from "../format/frame.ts";
import { parseInfoFrame } from "./mp3-length.ts";
import { audioExtent, type Extent, type RangeReader } from "../format/tags/extent.ts";
import { systemPath } from "../lib/path-text.ts";
import { isInside } from "../lib/shipped.ts";
import { oggSamples } from "./ogg-length.ts";
import { NO_AUDIO, NO_FILE, parserFor, TrackError } from "./playable.ts";
import { readTags, type Tags } from "./tags.ts";

/** Frames are counted in one block of this size, after searching a few such blocks for the first. */
const READ_BYTES = 32_768;
const MAX_READS = 32;

/** The end of the audio that identifies it. */
const END_BYTES = 4096;

export interface Measure {
  readonly format: StreamFormat;
  /** Playing time: exact if the file says it, else from the bitrate of the first frames. */
  readonly seconds: number;
  /** Equal for files with the same audio, whatever their names and tags. */
  readonly content: string;
  /** null without a title. */
  readonly tags: Tags | null;
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
  const first = await firstFrames(reader, extent, parser);
  const { format } = parser;
  if (format === null || first.bytes === 0) {
    if (first.isWhole) throw new TrackError(NO_AUDIO);
    return null;
  }
  const seconds = await secondsOf(reader, extent, format, first);
  const content = await contentOf(reader, extent);
  const tags = first.tags ?? (await readTags(reader, extent, size));
  return { format, seconds, content, tags };
}

/** What the first frames show. */
interface First {
  /** Playing time and bytes of these frames, without headers. */
  seconds: number;
  bytes: number;
  /** There are no others. */
  isWhole: boolean;
  /** Samples of the whole file as its info frame has them; 0 if there is none. */
  samples: number;
  /** What an Ogg stream says of itself. */
  tags: Tags | null;
}

async function firstFrames(reader: RangeReader, { start, end }: Extent, parser: FrameParser) {
  const first: First = { seconds: 0, bytes: 0, isWhole: false, samples: 0, tags: null };
  for (let i = 0, at = start; i < MAX_READS && first.bytes === 0 && !first.isWhole; i++) {
    const chunk = await reader(at, Math.min(READ_BYTES, end - at));
    at += chunk.length;
    count(first, parser.push(chunk), parser);
    first.isWhole = at >= end || chunk.length === 0;
    if (first.isWhole) count(first, parser.end(), parser);
  }
  return first;
}

function count(first: First, some: Frames, parser: FrameParser): void {
  for (let frames = some; frames.count > 0; frames = parser.next()) {
    if (first.seconds === 0) first.samples = samplesSaid(frames);
    first.tags ??= frames.metadata ?? null;
    first.seconds += frames.seconds;
    for (let i = 0; i < frames.count; i++) {
      if ((frames.samples[i] ?? 0) > 0) first.bytes += frames.table[i * FRAME_WORDS] ?? 0;
    }
  }
}

function samplesSaid({ bytes, table, samples }: Frames): number {
  const info = parseInfoFrame(bytes.subarray(0, table[0]));
  if (info === null || info.frames === 0) return 0;
  return Math.max(0, info.frames * (samples[0] ?? 0) - info.delay - info.padding);
}

async function secondsOf(
  reader: RangeReader,
  extent: Extent,
  format: StreamFormat,
  { seconds, bytes, isWhole, samples }: First,
): Promise<number> {
  const said = samples > 0 ? samples : await oggSamples(reader, extent, format);
  if (said > 0) return said / format.sampleRate;
  const whole = isWhole ? bytes : extent.end - extent.start;
  return (seconds / bytes) * whole;
}

/** The audio's length, with a hash of its first and last bytes. */
async function contentOf(reader: RangeReader, { start, end }: Extent): Promise<string> {
  const head = await reader(start, Math.min(READ_BYTES, end - start));
  const last = Math.min(END_BYTES, end - start);
  const hash = Bun.hash.wyhash(await reader(end - last, last), Bun.hash.wyhash(head));
  return `${(end - start).toString(36)}-${hash.toString(36)}`;
}
