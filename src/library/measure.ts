// Measures a file from its first and last bytes: format, duration, tags, and an identity of its audio. Reads
// synchronously: for a disk thread only.
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { youngCollector } from "../disk/collector.ts";
import { FRAME_WORDS, type FrameParser, type Frames, type StreamFormat } from "../format/frame.ts";
import { parseInfoFrame, partThere } from "./mp3-length.ts";
import { audioExtent, type Extent, type RangeReader } from "../format/tags/extent.ts";
import { systemPath } from "../lib/path-text.ts";
import { isInside } from "../lib/shipped.ts";
import { oggSamples } from "./ogg-length.ts";
import { ReadMemory } from "./read-memory.ts";
import { NO_AUDIO, NO_FILE, parserFor, TrackError } from "./playable.ts";
import { readTags, type Tags } from "./tags.ts";

/** Frames are counted in one block of this size, after searching a few such blocks for the first. */
const READ_BYTES = 32_768;
const MAX_READS = 32;

/** A parser keeps as much memory as it gets at once. */
const PIECE_BYTES = 4096;

/** The end of the audio that identifies it. */
const END_BYTES = 4096;

/** Measuring a file leaves 40 KB of garbage, and keeps 1 KB. */
const FILES_PER_COLLECTION = 64;
const collect = youngCollector(FILES_PER_COLLECTION);

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
  collect();
  if (isInside(path)) return measureBytes(readFileSync(path));
  const fd = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new TrackError(NO_FILE);
    using memory = ReadMemory.open();
    return await measure(async (offset, length) => {
      const bytes = memory.take(length);
      return bytes.subarray(0, readSync(fd, bytes, 0, length, offset));
    }, stat.size);
  } finally {
    closeSync(fd);
  }
}

function measureBytes(bytes: Uint8Array): Promise<Measure | null> {
  return measure(async (offset, length) => bytes.subarray(offset, offset + length), bytes.length);
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
  const content = await contentOf(reader, extent, first.head);
  const tags = first.tags ?? (await readTags(reader, extent, size));
  return { format, seconds, content, tags };
}

/** What the first frames show. */
interface First {
  /** The first bytes of the audio. */
  readonly head: Uint8Array;
  /** Bytes of all of it. */
  readonly audioBytes: number;
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
  const readFrom = (at: number) => reader(at, Math.min(READ_BYTES, end - at));
  const head = await readFrom(start);
  const nothing = { seconds: 0, bytes: 0, isWhole: false, samples: 0, tags: null };
  const first: First = { head, audioBytes: end - start, ...nothing };
  let at = start;
  for (let i = 0; i < MAX_READS && first.bytes === 0 && !first.isWhole; i++) {
    const chunk = i === 0 ? head : await readFrom(at);
    at += chunk.length;
    push(first, chunk, parser);
    first.isWhole = at >= end || chunk.length === 0;
    if (first.isWhole) count(first, parser.end(), parser);
  }
  return first;
}

function push(first: First, chunk: Uint8Array, parser: FrameParser): void {
  for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
    count(first, parser.push(chunk.subarray(at, at + PIECE_BYTES)), parser);
  }
}

function count(first: First, some: Frames, parser: FrameParser): void {
  for (let frames = some; frames.count > 0; frames = parser.next()) {
    if (first.seconds === 0) first.samples = samplesSaid(frames, first.audioBytes);
    first.tags ??= frames.metadata ?? null;
    first.seconds += frames.seconds;
    for (let i = 0; i < frames.count; i++) {
      if ((frames.samples[i] ?? 0) > 0) first.bytes += frames.table[i * FRAME_WORDS] ?? 0;
    }
  }
}

/** Of an MP3 file with an info frame, as far as its audio is there. */
function samplesSaid({ bytes, table, samples }: Frames, audioBytes: number): number {
  const info = parseInfoFrame(bytes.subarray(0, table[0]));
  if (info === null || info.frames === 0) return 0;
  const said = info.frames * (samples[0] ?? 0) - info.delay - info.padding;
  return Math.max(0, Math.round(said * partThere(info, audioBytes)));
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
async function contentOf(
  reader: RangeReader,
  { start, end }: Extent,
  head: Uint8Array,
): Promise<string> {
  const last = Math.min(END_BYTES, end - start);
  const hash = Bun.hash.wyhash(await reader(end - last, last), Bun.hash.wyhash(head));
  return `${(end - start).toString(36)}-${hash.toString(36)}`;
}
