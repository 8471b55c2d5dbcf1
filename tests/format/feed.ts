// Feeds a parser whole, byte by byte and split at every point, and gathers everything it said.
import { expect } from "bun:test";
import { FRAME_WORDS, type FrameParser, type Frames } from "../../src/format/frame.ts";

export interface Parsed {
  /** Copies of the frames, in order. */
  frames: Uint8Array[];
  micros: number[];
  flags: number[];
  samples: number[];
  seconds: number;
  garbageBytes: number;
  bitrate: number;
  format: FrameParser["format"];
  foreignFormat: FrameParser["foreignFormat"];
  /** The most bytes that were neither handed out nor dropped between two pushes. */
  heldBytes: number;
}

/** Feeds the chunks, then the end. */
export function feed(parser: FrameParser, chunks: Iterable<Uint8Array>): Parsed {
  const parsed = { frames: [], micros: [], flags: [], samples: [], seconds: 0, heldBytes: 0 };
  let fed = 0;
  let emitted = 0;
  const all: Parsed = { ...parsed, garbageBytes: 0, bitrate: 0, format: null, foreignFormat: null };
  for (const chunk of chunks) {
    fed += chunk.length;
    emitted += gather(all, parser.push(chunk));
    all.heldBytes = Math.max(all.heldBytes, fed - emitted - parser.garbageBytes);
  }
  emitted += gather(all, parser.end());
  expect(emitted + parser.garbageBytes).toBe(fed);
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

function gather(all: Parsed, batch: Frames): number {
  expect(batch.table.length).toBe(batch.count * FRAME_WORDS);
  expect(batch.samples.length).toBe(batch.count);
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
