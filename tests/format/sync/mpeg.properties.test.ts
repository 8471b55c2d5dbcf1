import { expect, test } from "bun:test";
import fc from "fast-check";
import { createMpegParser, parseMpegHeader } from "../../../src/format/sync/mpeg.ts";
import { expectSame, feed } from "../feed.ts";
import {
  concat,
  type FrameOptions,
  garbage,
  id3v2,
  mpegFrame,
  validBitrates,
} from "../mpeg-builder.ts";

/** The longest frame there is, and the header that must follow it before a lock. */
const mostHeld = 2881 + 4;

const versionOf = fc.constantFrom(1, 2, 2.5) as fc.Arbitrary<1 | 2 | 2.5>;
const layerOf = fc.constantFrom(1, 2, 3) as fc.Arbitrary<1 | 2 | 3>;

/** What a stream holds constant, by MPEG's own rules. */
const streamOf = fc.record({ version: versionOf, layer: layerOf, isMono: fc.boolean() });

const frameOf = fc.record({
  bitrateIndex: fc.nat(13),
  padding: fc.boolean(),
  crc: fc.boolean(),
  seed: fc.nat(10_000),
  payload: fc.constantFrom("noise", "nasty", "zero") as fc.Arbitrary<"noise" | "nasty" | "zero">,
});

const streamFrames = fc
  .tuple(streamOf, fc.array(frameOf, { minLength: 2, maxLength: 12 }))
  .map(([{ version, layer, isMono }, list]) =>
    list.map(({ bitrateIndex, ...frame }) => {
      const bitrate = validBitrates(version, layer)[bitrateIndex]!;
      const options: FrameOptions = { ...frame, version, layer, bitrate };
      return mpegFrame({ ...options, mode: isMono ? "mono" : "joint" });
    }),
  );

/** Bytes that look like headers, tags and noise at random, cut anywhere. */
const hostileBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .constantFrom([255, 251, 144, 64], [255, 251, 16, 64], [255, 243, 16, 192], [255, 255])
        .map((b) => Uint8Array.from(b)),
      fc.constantFrom(id3v2(30), id3v2(2000).subarray(0, 12), new TextEncoder().encode("ID3")),
      fc
        .record({ seed: fc.nat(999), bitrate: fc.constantFrom(32, 64, 128) })
        .map((o) => mpegFrame({ ...o, payload: "nasty" })),
      fc.nat(300).map((length) => new Uint8Array(length).fill(255)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => concat(...parts));

function chunksOf(input: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < input.length; i++) {
    const size = sizes[i % sizes.length]!;
    chunks.push(input.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const sizesOf = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 });

test("a clean stream of any kind comes out exactly, however it is cut", () => {
  fc.assert(
    fc.property(streamFrames, sizesOf, (frames, sizes) => {
      const parsed = feed(createMpegParser(), chunksOf(concat(...frames), sizes));
      expect(parsed.garbageBytes).toBe(0);
      expect(parsed.frames.map((f) => f.length)).toEqual(frames.map((f) => f.length));
      expect(concat(...parsed.frames)).toEqual(concat(...frames));
      expect(parsed.heldBytes).toBeLessThanOrEqual(mostHeld);
    }),
    { numRuns: 300 },
  );
});

test("garbage without headers never comes out, wherever it stands between runs of frames", () => {
  const runs = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 2, max: 5 })), { maxLength: 6 });
  fc.assert(
    fc.property(runs, sizesOf, fc.nat(999), (parts, sizes, seed) => {
      const frame = (i: number) => mpegFrame({ bitrate: 64, seed: seed + i, payload: "nasty" });
      const pieces = parts.map(([junk, count], i) => ({
        junk: garbage(junk, seed + i),
        frames: Array.from({ length: count }, (_, j) => frame(10 * i + j)),
      }));
      const input = concat(...pieces.flatMap((p) => [p.junk, ...p.frames]));
      const parsed = feed(createMpegParser(), chunksOf(input, sizes));
      expect(concat(...parsed.frames)).toEqual(concat(...pieces.flatMap((p) => p.frames)));
      expect(parsed.garbageBytes).toBe(pieces.reduce((sum, p) => sum + p.junk.length, 0));
    }),
    { numRuns: 300 },
  );
});

test("whatever the bytes: only whole frames of one format come out, every byte is accounted for, little is held", () => {
  fc.assert(
    fc.property(hostileBytes, sizesOf, (input, sizes) => {
      const parsed = feed(createMpegParser(), chunksOf(input, sizes));
      for (const frame of parsed.frames) {
        const header = parseMpegHeader(frame);
        expect(header?.length).toBe(frame.length);
        expect(header?.format).toEqual(parsed.format!);
      }
      expect(parsed.heldBytes).toBeLessThanOrEqual(mostHeld);
    }),
    { numRuns: 500 },
  );
});

test("whatever the bytes: how they are cut makes no difference", () => {
  fc.assert(
    fc.property(hostileBytes, sizesOf, (input, sizes) => {
      expectSame(
        feed(createMpegParser(), chunksOf(input, sizes)),
        feed(createMpegParser(), [input]),
      );
    }),
    { numRuns: 500 },
  );
});

test("random bytes without two agreeing headers yield nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (input) => {
      const hasPair = input.some((_, at) => {
        const header = parseMpegHeader(input, at);
        if (header === null) return false;
        const next = at + header.length;
        return (
          next === input.length || parseMpegHeader(input, next)?.signature === header.signature
        );
      });
      fc.pre(!hasPair);
      expect(feed(createMpegParser(), [input]).frames).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
