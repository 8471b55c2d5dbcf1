import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { carry, joinFrames } from "../../../src/format/mpeg/join.ts";
import { readLayer3 } from "../../../src/format/mpeg/layer3.ts";
import { parseMpegHeader } from "../../../src/format/sync/mpeg.ts";
import { workedMs } from "../../support/station.ts";
import { mpegFrame } from "../mpeg-builder.ts";

describe("joining and carrying", () => {
  const anyFrame = fc
    .record({
      version: fc.constantFrom(1, 2, 2.5),
      mode: fc.constantFrom("stereo", "joint", "dual", "mono"),
      crc: fc.boolean(),
      padding: fc.boolean(),
      bitrate: fc.constantFrom(32, 64, 128, 160),
      bytes: fc.uint8Array({ minLength: 0, maxLength: 40 }),
    })
    .map(({ bytes, ...options }) => {
      const frame = mpegFrame({ ...(options as object), payload: "zero" });
      frame.set(bytes.subarray(0, frame.length - 4), 4);
      return frame;
    });
  const frames = fc.array(anyFrame, { minLength: 1, maxLength: 12 });
  const history = fc.uint8Array({ minLength: 0, maxLength: 511 });

  test("keep the frames' playing time, their number and every byte that follows, whatever the side information says", () => {
    fc.assert(
      fc.property(frames, history, fc.integer({ min: 0, max: 511 }), (given, known, free) => {
        const copies = given.map((frame) => frame.slice());
        const joined = joinFrames(given, known, free);
        expect(given).toEqual(copies);
        if (joined === null) return;
        expect(joined.frames.length).toBe(joined.replaced);
        expect(joined.borrowed.length).toBeLessThanOrEqual(free);
        joined.frames.forEach((frame, i) => {
          const [header, was] = [parseMpegHeader(frame)!, parseMpegHeader(given[i]!)!];
          expect(header).toMatchObject({ samples: was.samples, signature: was.signature });
          expect(header.length).toBe(frame.length);
          expect(header.bitrate).toBeGreaterThanOrEqual(was.bitrate);
        });
      }),
      { numRuns: 1000 },
    );
  });

  test("leave alone what refers to bytes that are not there", () => {
    const frame = mpegFrame({ payload: "zero" });
    frame.set([0x40, 0], 4); // 128 bytes before its slot
    expect(readLayer3(frame)?.mainDataBegin).toBe(128);
    expect(joinFrames([frame, frame], new Uint8Array(127))).toBeNull();
    expect(carry(frame, new Uint8Array(127))).toBeNull();
    expect(carry(frame, new Uint8Array(128))?.frames).toHaveLength(1);
  });

  test("change nothing where nothing reaches back", () => {
    const frame = mpegFrame({ payload: "zero" });
    const nothing = { borrowed: new Uint8Array(0), frames: [], replaced: 0 };
    expect(joinFrames([frame], new Uint8Array(0))).toEqual(nothing);
  });

  test("take the same time for frames that want more and more as for others", () => {
    const greedy = Array.from({ length: 2000 }, () => {
      const frame = mpegFrame({ bitrate: 320, payload: "zero" });
      frame.set([0xff, 0x80], 4);
      return frame;
    });
    const began = workedMs();
    joinFrames(greedy, new Uint8Array(511));
    expect(workedMs() - began).toBeLessThan(1000);
  });
});
