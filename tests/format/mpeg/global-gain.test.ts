import { bitsAt } from "../../../src/format/parts/bits.ts";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { addGain, STEP_DB } from "../../../src/format/mpeg/global-gain.ts";
import { GAIN_AT, GAIN_BITS, granuleOffsets, readLayer3 } from "../../../src/format/mpeg/layer3.ts";
import { requireProgram } from "../../support/programs.ts";
import { concat, mpegFrame } from "../mpeg-builder.ts";
import { encode, framesOf, KINDS, makeMusic, run } from "./mp3-files.ts";

const canRun = ["ffmpeg", "lame", "mp3gain"].map(requireProgram).every((path) => path !== null);

let folder = "";
let wav = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gain-"));
  wav = join(folder, "music.wav");
  if (canRun) await makeMusic(wav, 1.5);
});

afterAll(() => rm(folder, { recursive: true }));

function gainsOf(frames: readonly Uint8Array[]): number[] {
  return frames.flatMap((frame) => {
    const layer3 = readLayer3(frame);
    if (layer3 === null) return [];
    const offsets = granuleOffsets(layer3.header, layer3.sideInfo);
    return offsets.map((at) => bitsAt(frame, at + GAIN_AT, GAIN_BITS));
  });
}

/** What mp3gain makes of a file. */
async function byMp3gain(path: string, steps: number): Promise<Uint8Array[]> {
  const copy = join(folder, `by-mp3gain-${steps}.mp3`);
  await cp(path, copy);
  await run(["mp3gain", "-q", "-s", "s", "-g", String(steps), copy]);
  return framesOf(copy);
}

function shifted(frames: readonly Uint8Array[], steps: number): Uint8Array[] {
  return frames.map((frame) => {
    const copy = frame.slice();
    expect(addGain(copy, steps)).toBe(true);
    return copy;
  });
}

/** No field reaches a value from which there is no way back. */
function isWithin(frames: readonly Uint8Array[], steps: number): boolean {
  const gains = gainsOf(frames).filter((gain) => gain !== 0);
  return gains.every((gain) => gain + steps >= 1 && gain + steps <= 255);
}

describe.skipIf(!canRun)("the level of a frame", () => {
  test.each(Object.keys(KINDS))("of %s changes as mp3gain changes it", async (kind) => {
    const path = await encode(wav, kind);
    const frames = await framesOf(path);
    const steps = [-3, 4, -12, 20].filter((n) => isWithin(frames, n));
    expect(steps).toContain(-3);
    for (const n of steps) {
      const ours = concat(...shifted(frames, n));
      const theirs = concat(...(await byMp3gain(path, n)));
      expect(Buffer.compare(ours, theirs)).toBe(0);
    }
  });

  test.each(Object.keys(KINDS))("of %s comes back to the same bytes", async (kind) => {
    const frames = await framesOf(await encode(wav, kind));
    for (const n of [3, -3, 30, -60, 90]) {
      const back = shifted(shifted(frames, n), -n);
      const sounding = gainsOf(frames.filter((frame) => readLayer3(frame)?.needBytes));
      if (sounding.every((gain) => gain + n > 0 && gain + n <= 255)) {
        expect(Buffer.compare(concat(...back), concat(...frames))).toBe(0);
      }
    }
  });

  test("is a quarter of a factor of two for a step", () => {
    expect(STEP_DB).toBeCloseTo(1.505, 3);
  });
});

describe("a frame whose side information cannot be true", () => {
  const anyFrame = fc.record({
    version: fc.constantFrom(1, 2, 2.5),
    mode: fc.constantFrom("stereo", "joint", "dual", "mono"),
    crc: fc.boolean(),
    bytes: fc.uint8Array({ minLength: 0, maxLength: 40 }),
  });

  test("keeps its bytes, and nothing is thrown", () => {
    fc.assert(
      fc.property(anyFrame, fc.integer({ min: -300, max: 300 }), (options, steps) => {
        const { bytes, ...rest } = options;
        const frame = mpegFrame({ ...(rest as object), payload: "zero" });
        frame.set(bytes, 4);
        const before = frame.slice();
        const length = frame.length;
        if (!addGain(frame, steps)) expect(frame).toEqual(before);
        expect(frame.length).toBe(length);
      }),
    );
  });

  test("that needs more than its slot and the reservoir have stays as it is", () => {
    const frame = mpegFrame({ mode: "mono", bitrate: 32, payload: "zero" });
    // Main data of 4095 bits in the first granule of a slot of 83 bytes.
    frame.set([0, 0, 0x3f, 0xfc], 4);
    const before = frame.slice();
    expect(readLayer3(frame)).toBeNull();
    expect(addGain(frame, -3)).toBe(false);
    expect(frame).toEqual(before);
  });

  test.each([1, 2] as const)("of layer %i is none of ours", (layer) => {
    const frame = mpegFrame({ layer, payload: "zero" });
    const before = frame.slice();
    expect(addGain(frame, -3)).toBe(false);
    expect(frame).toEqual(before);
  });

  test("cut off within its header, its side information or its slot is left alone", () => {
    const frame = mpegFrame({ payload: "zero" });
    for (let length = 0; length < frame.length; length++) {
      expect(addGain(frame.slice(0, length), 1)).toBe(false);
    }
  });
});
