import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Frames } from "../../../src/format/frame.ts";
import { addGain } from "../../../src/format/mpeg/global-gain.ts";
import { type Shape, TrackShape } from "../../../src/format/mpeg/track-shape.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { concat, mpegFrame } from "../mpeg-builder.ts";

const SILENT = mpegFrame({ mode: "stereo", payload: "zero" });
const FRAME_SECONDS = 1152 / 44_100;

/** A frame of one bit of main data and a gain; `number` tells it from others, in its stuffing. */
function sounding(number: number, mainDataBegin = 0): Uint8Array<ArrayBuffer> {
  const frame = SILENT.slice();
  frame.set([mainDataBegin >> 1, (mainDataBegin & 1) << 7, 0, 1, 0, 0x02, 0x80], 4);
  frame.set([number], 300);
  return frame;
}

const NOTHING: Shape = { steps: 0, silence: null, ends: null };

function batch(frames: readonly Uint8Array[]): Frames {
  const parser = createMpegParser();
  const pushed = parser.push(concat(...frames));
  const given = pushed.count > 0 ? pushed : parser.end();
  return { ...given, bytes: given.bytes.slice(), table: given.table.slice() };
}

/** What plays of these frames, in batches of so many. */
function shaped(shape: Shape, frames: readonly Uint8Array[], size = 5): Uint8Array {
  const track = new TrackShape(shape);
  const parts: Uint8Array[] = [];
  let last: Frames | null = null;
  for (let at = 0; at < frames.length; at += size) {
    last = batch([...frames.slice(at, at + size)]);
    parts.push(track.push(last).bytes);
  }
  if (last !== null) parts.push(track.end(last).bytes);
  return concat(...parts);
}

const silence = (count: number) => Array.from({ length: count }, () => SILENT);
const sound = (count: number) => Array.from({ length: count }, (_, i) => sounding(i + 1));

describe("the frames of a track", () => {
  test("stay as they are when nothing is asked for", () => {
    const frames = [...silence(80), ...sound(7), ...silence(90)];
    expect(shaped(NOTHING, frames)).toEqual(concat(...frames));
  });

  test("begin where they are to begin, with silence or without", () => {
    const frames = [...silence(3), ...sound(4), ...silence(40), ...sound(3)];
    const begun = { ...NOTHING, silence: 0.1, ends: { delay: 1152, padding: 0 } };
    expect(shaped({ ...begun, start: 10 }, frames)).toEqual(concat(...frames.slice(10)));
    expect(shaped({ ...begun, start: 4 }, frames)).toEqual(concat(...frames.slice(4)));
  });

  test("get the level, which taken back gives the bytes of the file", () => {
    const frames = sound(4);
    const louder = frames.map((frame) => {
      const copy = frame.slice();
      addGain(copy, 3);
      return copy;
    });
    expect(shaped({ ...NOTHING, steps: 3 }, frames)).toEqual(concat(...louder));
    expect(shaped({ ...NOTHING, steps: -3 }, louder)).toEqual(concat(...frames));
  });

  test("lose the silence at both ends beyond what is to stay, and none within", () => {
    const within = [...sound(3), ...silence(300), ...sound(2)];
    const frames = [...silence(200), ...within, ...silence(100)];
    const kept = Math.round(0.5 / FRAME_SECONDS);
    const wanted = concat(...silence(kept), ...within, ...silence(kept));
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 700 }), (size) => {
        expect(shaped({ ...NOTHING, silence: 0.5 }, frames, size)).toEqual(wanted);
      }),
      { numRuns: 20 },
    );
    expect(shaped({ ...NOTHING, silence: 0 }, frames)).toEqual(concat(...within));
  });

  test("all play when all are silent, or the silence is so long that it is meant", () => {
    const still = silence(400);
    expect(shaped({ ...NOTHING, silence: 0 }, still)).toEqual(concat(...still));
    const long = [...silence(Math.ceil(40 / FRAME_SECONDS)), ...sound(2)];
    const length = shaped({ ...NOTHING, silence: 0 }, long).length / SILENT.length;
    expect(length * FRAME_SECONDS).toBeGreaterThan(30);
  });

  test("begin and end with the encoder's own additions left out, as far as these are whole frames", () => {
    const frames = sound(10);
    const ends = (delay: number, padding: number) =>
      shaped({ ...NOTHING, silence: 1, ends: { delay, padding } }, frames);
    expect(ends(576, 576)).toEqual(concat(...frames.slice(1)));
    expect(ends(576, 1244)).toEqual(concat(...frames.slice(1)));
    expect(ends(576, 1500)).toEqual(concat(...frames.slice(1, -1)));
    expect(ends(0, 0)).toEqual(concat(...frames));
    expect(ends(4095, 4095)).toEqual(concat(...frames.slice(4, -3)));
  });

  test("are never none", () => {
    const ends = { delay: 576, padding: 1700 };
    for (const count of [1, 2]) {
      const frames = sound(count);
      const played = shaped({ ...NOTHING, silence: 0, ends }, frames);
      expect(played).toEqual(frames.at(-1)!);
    }
    expect(shaped({ ...NOTHING, silence: 0, ends }, silence(2)).length).toBeGreaterThan(0);
  });

  test("that refer to what was before the file began are left out, and known to those that follow", () => {
    const track = new TrackShape(NOTHING);
    const frames = [sounding(1, 500), sounding(2, 500), sounding(3, 500), sounding(4)];
    const played = track.push(batch(frames));
    // A slot of 382 bytes is less than 500, two are more.
    expect(played.bytes).toEqual(concat(...frames.slice(2)));
    expect(track.before).toHaveLength(511);
  });

  test("cost less than a tenth of a percent of a core", () => {
    const minute = Array.from({ length: 2300 }, (_, i) => sounding(i));
    const batches = Array.from({ length: 23 }, (_, i) =>
      batch(minute.slice(i * 100, i * 100 + 100)),
    );
    const track = new TrackShape({ steps: -3, silence: 0.5, ends: { delay: 576, padding: 1000 } });
    const { user: began } = process.cpuUsage();
    for (const frames of batches) track.push(frames);
    expect((process.cpuUsage().user - began) / 1000).toBeLessThan(60);
  });

  test("that were held back as a possible end play when more of the file is to come", () => {
    const track = new TrackShape({ ...NOTHING, silence: 0.5 });
    const first = batch([...sound(3), ...silence(60)]);
    const given = track.push(first).count;
    expect(track.holdsAny).toBe(true);
    expect(given + track.release(first).count).toBe(63);
    expect(track.holdsAny).toBe(false);
    expect(track.push(batch(sound(3))).count + track.end(first).count).toBe(3);
  });

  test("whose side information cannot be true play as they are, of whatever length", () => {
    const any = fc.array(
      fc.integer({ min: 0, max: 1000 }).map((seed) => mpegFrame({ seed, mode: "joint" })),
      { minLength: 2, maxLength: 30 },
    );
    const shape = { steps: -5, silence: 0.2, ends: null };
    fc.assert(
      fc.property(any, (frames) => {
        const length = shaped(shape, frames).length;
        expect(length).toBeLessThanOrEqual(concat(...frames).length);
      }),
    );
  });
});
