// What is heard where one MP3 track follows another: the tracks as their encoder meant them, without a gap.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mpegFrames } from "../../format/mpeg-builder.ts";
import { DECODERS } from "../../format/mpeg/mp3-files.ts";
import { requireProgram } from "../../support/programs.ts";
import { encodeSine, gapsOf, SINE_RATE as RATE } from "../../support/sines.ts";
import { Radio } from "./radio.ts";

const programs = ["ffmpeg", "lame", "mpg123"];
const canRun = programs.map(requireProgram).every((path) => path !== null);

/** Where a sine is cut in two: LAME's padding depends on it. */
const CUTS = [44_100 * 2, 44_100 * 2 + 700, 44_100 * 2 + 350];

/** Of the show between two tracks. */
const SHOW_FRAMES = 40;

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "seams-"));
});

afterAll(() => rm(folder, { recursive: true }));

interface Heard {
  readonly gaps: number[];
  readonly seconds: number;
}

/** What each decoder makes of all that the radio played. */
async function heardBy(radio: Radio): Promise<Heard[]> {
  const frames = radio.stage.heard.map(({ bytes }) => bytes);
  return Promise.all(
    DECODERS.map(async ({ decode }) => {
      const samples = await decode(frames, folder);
      return { gaps: gapsOf(samples), seconds: samples.length / RATE };
    }),
  );
}

const encodings = ["-b 128", "-V 2", "-b 320"];

describe.skipIf(!canRun)("two halves of a tone", () => {
  for (const options of encodings) {
    for (const cut of CUTS) {
      test(`by lame ${options}, cut at ${cut}, follow each other without a gap of more than 30 ms`, async () => {
        await using radio = await Radio.open({ trimSilence: 0.5 });
        await encodeSine(radio.path("1.mp3"), [0, cut], options);
        await encodeSine(radio.path("2.mp3"), [cut, cut + RATE * 2], options);
        await radio.play(5.5);
        expect(radio.stage.told("is skipped")).toEqual([]);
        for (const { gaps } of await heardBy(radio)) {
          expect(gaps.length).toBeLessThanOrEqual(2);
          expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
        }
      });
    }
  }

  test("as their encoder wrote them leave a longer one", async () => {
    await using radio = await Radio.open({ trimSilence: "off" });
    await encodeSine(radio.path("1.mp3"), [0, CUTS[1]!], "-b 128");
    await encodeSine(radio.path("2.mp3"), [CUTS[1]!, RATE * 4], "-b 128");
    await radio.play(3);
    for (const { gaps } of await heardBy(radio)) expect(Math.max(...gaps)).toBeGreaterThan(30);
  });
});

describe.skipIf(!canRun)("silence around a track", () => {
  test.each([0, 0.2, 1])("beyond %d s at both ends is left out", async (kept) => {
    await using radio = await Radio.open({ trimSilence: kept });
    await encodeSine(radio.path("1.mp3"), [0, RATE * 2], "-b 128", [1.5, 2]);
    await radio.play(6);
    for (const { gaps } of await heardBy(radio)) {
      // Coders take a few frames to fall silent.
      expect(gaps[0]).toBeGreaterThan(kept * 2000 - 60);
      expect(gaps[0]).toBeLessThan(kept * 2000 + 150);
    }
  });

  test("stays when it is not to be trimmed", async () => {
    await using radio = await Radio.open({ trimSilence: "off" });
    await encodeSine(radio.path("1.mp3"), [0, RATE], "-b 128", [1.5, 2]);
    await radio.play(8);
    for (const { gaps } of await heardBy(radio)) expect(gaps[0]).toBeGreaterThan(3500);
  });
});

describe.skipIf(!canRun)("a track that begins behind its first frames", () => {
  test.each(["-b 320", "-b 128"])(
    "by lame %s plays cleanly after a skip and after a show, though its first frames were joined to others",
    async (options) => {
      await using radio = await Radio.open({ trimSilence: 0.5 });
      for (const i of [1, 2, 3]) await encodeSine(radio.path(`${i}.mp3`), [0, RATE * 3], options);
      // The next track waits behind the last frames of the first, which are then dropped.
      await radio.play(2);
      expect(radio.feeder.upcoming(1)).toEqual(["2.mp3"]);
      radio.feeder.skip();
      await radio.play(2);
      await radio.show(mpegFrames(SHOW_FRAMES, { payload: "zero", mode: "mono" }));
      await radio.play(2);
      for (const { gaps } of await heardBy(radio)) {
        expect(Math.max(...gaps)).toBeLessThan(SHOW_FRAMES * 26.2 + 60);
        expect(gaps.filter((ms) => ms > 12)).toHaveLength(1);
      }
    },
  );
});

describe.skipIf(!canRun)("a tone that a short interruption breaks", () => {
  test.each(["-b 320", "-b 128", "-V 2"])(
    "by lame %s goes on cleanly at its next frame, though that refers to bytes of the frames before",
    async (options) => {
      await using radio = await Radio.open({ trimSilence: 0.5 });
      await encodeSine(radio.path("1.mp3"), [0, RATE * 6], options);
      await radio.play(2);
      await radio.interrupt(mpegFrames(SHOW_FRAMES, { payload: "zero", mode: "mono" }));
      await radio.play(2);
      const frames = radio.stage.heard.map(({ bytes }) => bytes);
      for (const { gaps, seconds } of await heardBy(radio)) {
        expect(seconds).toBeCloseTo((frames.length * 1152) / RATE, 1);
        expect(gaps.filter((ms) => ms > 12)).toHaveLength(1);
        expect(Math.max(...gaps)).toBeLessThan(SHOW_FRAMES * 26.2 + 60);
      }
    },
  );
});
