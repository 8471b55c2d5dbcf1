// Playlists on their way from one run of the station to the next.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { StreamFormat } from "../../src/format/frame.ts";
import { containerOf } from "../../src/hls/containers.ts";
import {
  type HeldSegment,
  type Keepable,
  type KeptWindow,
  planShares,
  windowOf,
} from "../../src/hls/kept-window.ts";
import { SampleTime } from "../../src/hls/sample-time.ts";
import { windowBytes, windowIn } from "../../src/hls/window-bytes.ts";
import { NO_METADATA } from "../../src/mount/metadata.ts";

const FORMATS: readonly StreamFormat[] = [
  { codec: "mp3", sampleRate: 44_100, channels: 2 },
  { codec: "aac", sampleRate: 48_000, channels: 1 },
  { codec: "opus", sampleRate: 48_000, channels: 2 },
  { codec: "flac", sampleRate: 96_000, channels: 6, bitsPerSample: 24 },
];

const bytesOf = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + seed * 31) & 255);

interface Shape {
  readonly format: StreamFormat;
  readonly lengths: readonly number[];
  /** Of each segment; 0 for none. */
  readonly parts: number;
  /** Parts are views of their segment. */
  readonly isView: boolean;
  readonly title: string;
  readonly sequence: number;
}

function segmentOf(shape: Shape, i: number, init: HeldSegment["init"]): HeldSegment {
  const { format, lengths, parts, isView, title, sequence } = shape;
  const file = bytesOf(lengths[i] ?? 1, i);
  const container = containerOf(format)!;
  const number = sequence + i;
  const start = new SampleTime(1_000_000 + i, i * 288_000, format.sampleRate);
  const own = { number, container, format, from: 0, to: 0, samples: 288_000, start };
  const view = (part: number) => file.subarray(part, Math.max(part, file.length - 1));
  const partOf = (part: number) => (isView ? view(part) : bytesOf(9, part));
  return {
    ...{ ...own, run: `run${i % 2}`, init, fromSeconds: 0, wallMs: 1e12 + i / 3, file },
    ...{ isDiscontinuous: i % 3 === 1, title: { artist: "ä\u2028", title }, extraBytes: i },
    parts: Array.from({ length: parts }, (_, part) => {
      return { ...own, title: NO_METADATA, file: partOf(part) };
    }),
  };
}

function windowOfShape(shape: Shape): KeptWindow {
  const init = containerOf(shape.format)?.rewrap === undefined ? null : bytesOf(30, 99);
  const shared = init && { run: "run0", index: 3, bytes: init };
  const segments = shape.lengths.map((_, i) => segmentOf(shape, i, shared));
  const titled = { artist: "", title: shape.title };
  return {
    ...{ path: "/ä", name: shape.format.codec, targetSeconds: 6, partSeconds: 0.5 },
    ...{ stoppedMs: 1e12, discontinuity: 4, sequence: shape.sequence + 1 },
    ...{ segments, newest: segments.at(-1)! },
    titles: [{ run: "run0", index: 0, wallMs: 1.5, titled, artworkId: null }],
  };
}

const shapes = fc.record({
  format: fc.constantFrom(...FORMATS),
  lengths: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
  parts: fc.integer({ min: 0, max: 3 }),
  isView: fc.boolean(),
  title: fc.string({ unit: "binary", maxLength: 20 }),
  sequence: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});

describe("a playlist as the bytes of a file", () => {
  test("is the same when it is read", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const window = windowOfShape(shape);
        expect(windowIn(windowBytes(window))).toEqual(window);
      }),
    );
  });

  test("is refused wherever it is cut off, and if any byte is another", () => {
    const whole = windowBytes(windowOfShape({ ...shapeOf(0), lengths: [40, 9], parts: 1 }));
    for (let length = 0; length < whole.length; length++)
      expect(() => windowIn(whole.subarray(0, length))).toThrow(SyntaxError);
    for (let at = 0; at < whole.length; at++) {
      const other = whole.slice();
      other[at]! ^= 1;
      expect(() => windowIn(other)).toThrow(SyntaxError);
    }
  });

  test("has parts that are views of their segment once", () => {
    const shape = { ...shapeOf(2), lengths: [10_000] };
    const [views, files] = [true, false].map((isView) => {
      return windowBytes(windowOfShape({ ...shape, parts: 3, isView })).length;
    });
    expect(views).toBeLessThan(12_000);
    expect(files).toBeLessThan(12_000);
    expect(windowIn(windowBytes(windowOfShape({ ...shape, parts: 3 }))).newest.parts).toHaveLength(
      3,
    );
  });
});

function shapeOf(format: number): Shape {
  const lengths = Array.from({ length: 20 }, () => 100);
  return { format: FORMATS[format]!, lengths, parts: 0, isView: true, title: "T", sequence: 100 };
}

/** Twenty segments of six seconds, ten of which are listed. */
function keepable(format = 2): Keepable {
  const { segments, titles } = windowOfShape(shapeOf(format));
  const facts = { name: "opus", targetSeconds: 6, partSeconds: 0, discontinuity: 7 };
  return { ...facts, sequence: 110, titles, segments };
}

describe("what is kept", () => {
  test("is all if there is room", () => {
    expect(planShares([keepable(), keepable()], 4000)).toEqual([20, 20]);
  });

  test("is of all mounts first what a playlist needs, then what is listed, then what was", () => {
    const all = [keepable(), keepable(), keepable()];
    expect(planShares(all, 899)).toEqual([3, 3, 0]);
    expect(planShares(all, 900)).toEqual([3, 3, 3]);
    expect(planShares(all, 2300)).toEqual([10, 10, 3]);
    expect(planShares(all, 4000)).toEqual([20, 10, 10]);
  });

  test("is counted twice where parts are files of their own", () => {
    const parts = { ...shapeOf(1), parts: 2, isView: false };
    const { segments, titles } = windowOfShape(parts);
    const inRing = segments.map((one) => ({ ...one, file: null, from: 0, to: 100 }));
    const one = { ...keepable(), segments: inRing, titles };
    expect(planShares([one], 710)).toEqual([3]);
  });

  const given = { path: "/a", stoppedMs: 5 };

  test("begins with a later segment if fewer fit, at its discontinuity sequence", () => {
    const one = keepable();
    const window = windowOf(given, one, 3, ({ file }) => file);
    expect(window?.segments.map(({ number }) => number)).toEqual([117, 118, 119]);
    // 110, 113 and 116 begin behind a discontinuity.
    expect([window?.sequence, window?.discontinuity]).toEqual([117, 10]);
  });

  test("is what the ring still has, from the newest back", () => {
    const window = windowOf(given, keepable(), 20, ({ number, file }) =>
      number === 113 ? null : file,
    );
    expect(window?.segments.map(({ number }) => number)).toEqual([114, 115, 116, 117, 118, 119]);
    expect(windowOf(given, keepable(), 20, () => null)).toBeNull();
    expect(windowOf(given, keepable(), 0, ({ file }) => file)).toBeNull();
  });
});
