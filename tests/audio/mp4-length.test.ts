// How long an MP4 file plays, as its own edit list says; what is broken is no reason to cut anything.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { join } from "node:path";
import { AudioFile } from "../../src/audio/audio-file.ts";
import { mp4Seconds } from "../../src/audio/mp4-length.ts";
import { decodeFile } from "../../src/audio/open-audio.ts";
import { lengthOf } from "../../src/audio/pcm.ts";
import { scratch } from "../support/station.ts";
import { ffmpeg, runFfmpeg } from "./synth.ts";

const SECONDS = 3.3333;
const TONE = ["-f", "lavfi", "-i", `sine=d=${SECONDS}:r=44100`];
const PICTURE = ["-f", "lavfi", "-i", "testsrc=d=4:r=5:s=64x64"];

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

async function make(name: string, ...args: string[]): Promise<string> {
  const path = join(home.path, name);
  await runFfmpeg([...TONE, ...args, path]);
  return path;
}

function secondsOf(path: string): number | null {
  using file = AudioFile.open(path);
  return mp4Seconds(file);
}

async function decodedSeconds(path: string): Promise<number> {
  using file = AudioFile.open(path);
  let seconds = 0;
  for await (const pcm of decodeFile(file)) seconds += lengthOf(pcm) / pcm.sampleRate;
  return seconds;
}

describe.skipIf(ffmpeg === null)("the length of MP4", () => {
  test.each([
    ["aac.m4a", ["-c:a", "aac"]],
    ["alac.m4a", ["-c:a", "alac"]],
    ["at the front.m4a", ["-c:a", "aac", "-movflags", "faststart"]],
    ["behind a picture.mp4", [...PICTURE, "-map", "1:v", "-map", "0:a", "-c:a", "aac"]],
  ])(
    "of %s is that of its sound, to two milliseconds, and nothing behind it is decoded",
    async (name, args) => {
      const path = await make(name, ...args);
      expect(Math.abs((secondsOf(path) ?? 0) - SECONDS)).toBeLessThan(0.002);
      expect(Math.abs((await decodedSeconds(path)) - SECONDS)).toBeLessThan(0.002);
    },
  );

  test.each([
    ["in fragments.m4a", ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]],
    ["no.wav", []],
  ])("of %s is not known, and all of it is decoded", async (name, args) => {
    const path = await make(name, ...args);
    expect(secondsOf(path)).toBeNull();
    expect(await decodedSeconds(path)).toBeGreaterThan(SECONDS - 0.001);
  });

  test("of a damaged file is a number or unknown", async () => {
    const whole = await Bun.file(await make("whole.m4a", "-c:a", "aac")).bytes();
    const movie = Buffer.from(whole).indexOf("moov");
    const path = join(home.path, "damaged.m4a");
    const where = fc.integer({ min: movie - 4, max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(where, fc.uint8Array({ minLength: 1, maxLength: 8 }), async (at, bytes) => {
        const damaged = whole.slice();
        damaged.set(bytes.subarray(0, whole.length - at), at);
        await Bun.write(path, damaged);
        const seconds = secondsOf(path);
        expect(seconds === null || seconds > 0).toBe(true);
        await Bun.write(path, whole.subarray(0, at));
        expect(secondsOf(path) ?? 1).toBeGreaterThan(0);
      }),
    );
  });
});
