// Mounts of Opus, AAC and FLAC play a folder of other kinds: each track in its turn, with its own tone, for its own time,
// as loud as the others, and without a gap.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Mount } from "../../src/mount/mount.ts";
import { ManualClock } from "../input/stage.ts";
import { testConfig } from "../support/config.ts";
import { decodeStream } from "../support/decode-stream.ts";
import { makeTones, TONES } from "../support/mixed-music.ts";
import { playOn, feederOf } from "../support/prepared-music.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, type TestStation, until } from "../support/station.ts";
import { gapsBetween, loudnessOf, partFrom, tonesIn } from "../support/tones.ts";
import { Wire } from "../support/wire.ts";

const canRun = ["ffmpeg", "lame"].map(requireProgram).every((path) => path !== null);

const FORMATS = ["opus", "aac", "flac"] as const;

const LOUDNESS = -16;

/** None of them is AAC or FLAC in Ogg. */
const KINDS = ["48k.mp3", "24-96.flac", "mono.ogg", "phone.m4a"];
const tones = TONES.filter(({ name }) => KINDS.some((kind) => name.endsWith(kind))).map(
  (tone, i) => ({ ...tone, seconds: 2 + i * 0.0317 }),
);
const roundSeconds = tones.reduce((sum, { seconds }) => sum + seconds, 0);

/** Read ahead before all was converted, and by then the same track may have been heard again and again. */
const EARLY_SECONDS = 7.5;

let home: Awaited<ReturnType<typeof scratch>>;
let clock: ManualClock;
let radio: TestStation;

function configOf(directory: string) {
  const extensions = KINDS.map((name) => `.${name.split(".")[1]}`);
  const mountOf = (format: (typeof FORMATS)[number]) => {
    const playlist = { directory, extensions, format, loudness: LOUDNESS };
    return { path: `/${format}`, burstSeconds: 0, bufferBytes: 16 << 20, playlist };
  };
  const [first, ...others] = FORMATS;
  const mounts = [mountOf(first), ...others.map(mountOf)] as const;
  const library = { directory: join(directory, "..", "library"), cacheGb: 1 };
  return { ...testConfig(mounts), library };
}

beforeAll(async () => {
  home = await scratch();
  if (!canRun) return;
  const directory = join(home.path, "music");
  await makeTones(directory, tones);
  clock = new ManualClock(1000);
  radio = await startStation(configOf(directory), clock);
});
afterAll(async () => {
  await radio?.[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

function isConverted(mount: Mount): boolean {
  const { measured, toConvert } = feederOf(mount).playlist.state.progress;
  return measured === tones.length && toConvert.files === 0;
}

/** Silence was on air while there was nothing else; each try lets a moment pass. */
function isPlaying(mount: Mount): boolean {
  void feederOf(mount).fill();
  clock.ms += 10;
  return mount.onAir === feederOf(mount);
}

describe.skipIf(!canRun)("a mount whose format none of its files has", () => {
  test("plays all of them, evenly, for their own time and without a gap of more than 30 ms", async () => {
    const mounts = [...radio.station.mounts.all].map(({ mount }) => mount);
    await until("all is converted", () => mounts.every(isConverted));
    await until("music is on air", () => mounts.every((mount) => isPlaying(mount)));
    const listeners = await Promise.all(
      FORMATS.map((format) => Wire.listen(radio.listenPort, `/${format}`)),
    );
    const joined = mounts.map(({ ring }) => ring.head);
    await playOn(radio, clock, EARLY_SECONDS + 1.6 * roundSeconds, mounts);
    for (const [i, listener] of listeners.entries()) {
      const length = mounts[i]!.ring.head - joined[i]!;
      await until("it is heard", () => listener.body.length >= length);
      const recording = await decodeStream(listener.body);
      const heard = tonesIn(
        recording,
        tones.map(({ hertz }) => hertz),
      );
      const whole = heard.filter(({ from }) => from > EARLY_SECONDS).slice(0, -1);
      expect([...new Set(whole.map(({ hertz }) => hertz))].length).toBe(tones.length);
      for (const tone of whole) {
        const { name, seconds } = tones.find(({ hertz }) => hertz === tone.hertz)!;
        const { from, to } = tone;
        const isWhole = Math.abs(to - from - seconds) <= 0.05;
        expect({ format: FORMATS[i], name, isWhole }).toMatchObject({ isWhole: true });
        const lufs = await loudnessOf(recording, tone);
        expect(Math.abs(lufs - LOUDNESS)).toBeLessThanOrEqual(1);
      }
      const gaps = gapsBetween(partFrom(recording, whole[0]!.from));
      expect(Math.max(0, ...gaps)).toBeLessThanOrEqual(30);
      listener[Symbol.dispose]();
    }
  }, 120_000);
});
