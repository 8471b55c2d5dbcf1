// Feeds a parser whole, byte by byte and split at every point, and gathers everything it said.
import { expect } from "bun:test";
import {
  FRAME_WORDS,
  type FrameParser,
  type Frames,
  type StreamMetadata,
} from "../../src/format/frame.ts";

/** What holds from a frame on. */
export interface Chain {
  firstFrame: number;
  preamble: Uint8Array;
  metadata: StreamMetadata | null;
}

export interface Parsed {
  /** Copies of the frames, in order. */
  frames: Uint8Array[];
  micros: number[];
  flags: number[];
  samples: number[];
  seconds: number;
  /** Of a codec with preambles only. */
  chains: Chain[];
  garbageBytes: number;
  bitrate: number;
  format: FrameParser["format"];
  foreignFormat: FrameParser["foreignFormat"];
  /** The most bytes that were neither handed out nor dropped between two pushes. */
  heldBytes: number;
}

/** Feeds the chunks, then the end. */
export function feed(parser: FrameParser, chunks: Iterable<Uint8Array>): Parsed {
  const lists = { frames: [], micros: [], flags: [], samples: [], chains: [] };
  const parsed = { garbageBytes: 0, bitrate: 0, format: null, foreignFormat: null };
  const all: Parsed = { ...lists, ...parsed, seconds: 0, heldBytes: 0 };
  let fed = 0;
  let emitted = 0;
  for (const chunk of chunks) {
    fed += chunk.length;
    emitted += gatherAll(all, parser, parser.push(chunk));
    all.heldBytes = Math.max(all.heldBytes, fed - emitted - parser.garbageBytes);
  }
  emitted += gatherAll(all, parser, parser.end());
  // A preamble is made new: its bytes are not those that came.
  if (all.chains.length === 0) expect(emitted + parser.garbageBytes).toBe(fed);
  const { garbageBytes, bitrate, format, foreignFormat } = parser;
  return { ...all, garbageBytes, bitrate, format, foreignFormat };
}

/** Feeds whole, byte by byte and split in two at every point; all must agree. Returns the common result. */
export function feedEveryWay(create: () => FrameParser, input: Uint8Array): Parsed {
  const whole = feed(create(), [input]);
  expectSame(feed(create(), bytewise(input)), whole);
  for (let cut = 0; cut <= input.length; cut++) {
    expectSame(feed(create(), [input.subarray(0, cut), input.subarray(cut)]), whole);
  }
  return whole;
}

export function* bytewise(input: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < input.length; i++) yield input.subarray(i, i + 1);
}

export function expectSame(actual: Parsed, wanted: Parsed): void {
  const same =
    actual.frames.length === wanted.frames.length &&
    actual.frames.every((frame, i) => Buffer.compare(frame, wanted.frames[i]!) === 0);
  expect(same).toBe(true);
  const { frames: _a, heldBytes: _b, seconds, ...rest } = actual;
  const { frames: _c, heldBytes: _d, seconds: wantedSeconds, ...wantedRest } = wanted;
  expect(rest).toEqual(wantedRest);
  expect(seconds).toBeCloseTo(wantedSeconds, 9);
}

function gatherAll(all: Parsed, parser: FrameParser, first: Frames): number {
  let emitted = 0;
  for (let batch = first; batch.count > 0; batch = parser.next()) emitted += gather(all, batch);
  return emitted;
}

function gather(all: Parsed, batch: Frames): number {
  expect(batch.table.length).toBe(batch.count * FRAME_WORDS);
  expect(batch.samples.length).toBe(batch.count);
  gatherChain(all, batch);
  let at = 0;
  for (let i = 0; i < batch.count; i++) {
    const [length, micros, flags] = batch.table.subarray(i * FRAME_WORDS, (i + 1) * FRAME_WORDS);
    all.frames.push(batch.bytes.slice(at, at + length!));
    all.micros.push(micros!);
    all.flags.push(flags!);
    all.samples.push(batch.samples[i]!);
    at += length!;
  }
  expect(at).toBe(batch.bytes.length);
  all.seconds += batch.seconds;
  return at;
}

function gatherChain(all: Parsed, { preamble = null, metadata = null }: Frames): void {
  if (preamble === null || preamble === all.chains.at(-1)?.preamble) return;
  all.chains.push({ firstFrame: all.frames.length, preamble, metadata });
}
