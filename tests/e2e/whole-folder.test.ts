// A folder of fourteen kinds of files on a whole station: a listener's decoder plays every track in its turn, with its own
// tone, for its own time, as loud as the others, and without a gap.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createMpegParser } from "../../src/format/sync/mpeg.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { feed } from "../format/feed.ts";
import { DECODERS } from "../format/mpeg/mp3-files.ts";
import { ManualClock } from "../input/stage.ts";
import { testConfig } from "../support/config.ts";
import { makeTones, type Tone, TONES } from "../support/mixed-music.ts";
import { feederOf, playOn, prepared } from "../support/prepared-music.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, startStation, until } from "../support/station.ts";
import {
  gapsBetween,
  type HeardTone,
  loudnessOf,
  partFrom,
  type Recording,
  tonesIn,
} from "../support/tones.ts";
import { Wire } from "../support/wire.ts";

const canRun = ["ffmpeg", "lame", "mpg123"].map(requireProgram).every((path) => path !== null);

const HERTZ = TONES.map(({ hertz }) => hertz);

const LOUDNESS = -16;

const FADE_SECONDS = 4;

/** Tracks that a start reads ahead before any is measured: those of a new library play as loud as they are. */
const EARLY = 2;

/** Ends are heard whole, though the next track may begin late. */
const TAIL_SECONDS = 2;

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

function configOf(directory: string, crossfade = 0) {
  const extensions = ".mp3 .flac .wav .aiff .opus .m4a .ogg".split(" ");
  const sound = { loudness: LOUDNESS, trimSilence: 0.5 } as const;
  const playlist = { directory, extensions, crossfade, ...sound };
  return {
    ...testConfig([{ burstSeconds: 0, bufferBytes: 16 << 20, playlist }]),
    library: { directory: join(directory, "..", "library"), cacheGb: 1 },
  };
}

const secondsOf = (tones: readonly Tone[]) => tones.reduce((sum, { seconds }) => sum + seconds, 0);

/** What each decoder makes of what came out of a listener's socket. */
async function recordings(listener: Wire): Promise<Recording[]> {
  const { frames, garbageBytes } = feed(createMpegParser(), [listener.body]);
  // The last frame may be cut off.
  expect(garbageBytes).toBeLessThan(1500);
  return Promise.all(DECODERS.map(({ decode }) => decode(frames, home.path)));
}

/** Expects each of the tones once, whole. Those that are converted late come when they are ready. */
function expectRound(heard: readonly HeardTone[]): void {
  const names = heard.map(({ hertz }) => TONES.find((tone) => tone.hertz === hertz)?.name ?? "");
  expect(names.toSorted()).toEqual(TONES.map(({ name }) => name));
  for (const { hertz, from, to } of heard) {
    const { name, seconds } = TONES.find((tone) => tone.hertz === hertz)!;
    const isWhole = Math.abs(to - from - seconds) <= 0.05;
    expect({ name, isWhole }).toEqual({ name, isWhole: true });
  }
}

async function expectLoudness(recording: Recording, heard: readonly HeardTone[]): Promise<void> {
  const loudness = await Promise.all(heard.map((tone) => loudnessOf(recording, tone)));
  for (const lufs of loudness) expect(Math.abs(lufs - LOUDNESS)).toBeLessThanOrEqual(1);
}

describe.skipIf(!canRun)("a folder of every kind", () => {
  test("is heard whole in one round, evenly and without a gap of more than 30 ms", async () => {
    const directory = join(home.path, "every", "music");
    await makeTones(directory);
    const clock = new ManualClock(1000);
    await using radio = await startStation(configOf(directory), clock);
    using listener = await Wire.listen(radio.listenPort, "/stream");
    await playOn(radio, clock, secondsOf([...TONES, ...TONES.slice(0, EARLY + 1)]) + TAIL_SECONDS);
    const { head } = radio.station.first.mount.ring;
    await until("it is heard", () => listener.body.length >= head);
    for (const recording of await recordings(listener)) {
      const heard = tonesIn(recording, HERTZ).slice(0, TONES.length + EARLY);
      expectRound(heard.slice(0, TONES.length));
      await expectLoudness(recording, heard.slice(EARLY));
      const gaps = gapsBetween(partFrom(recording, heard[EARLY]?.from ?? 0));
      expect(gaps.length).toBeLessThanOrEqual(heard.length);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
    }
    expect(radio.logged.filter((line) => /^(?:warn|error)/.test(line))).toEqual([]);
  }, 180_000);

  test("is heard so in real time, by whoever joins", async () => {
    const directory = join(home.path, "some", "music");
    const kinds = ["cbr.mp3", "16-44.flac", "phone.m4a"];
    const tones = TONES.filter(({ name }) => kinds.some((kind) => name.endsWith(kind))).map(
      (tone, i) => ({ ...tone, seconds: 1 + i / 10 }),
    );
    await makeTones(directory, tones);
    await using radio = await startStation(configOf(directory), systemClock);
    const { playlist } = feederOf(radio.station.first.mount);
    await until("all is measured", () => playlist.state.progress.measured === tones.length);
    await prepared(radio, radio.station.first.mount);
    using listener = await Wire.listen(radio.sourcePort, "/stream");
    const { mount } = radio.station.first;
    const joined = mount.writtenSeconds;
    // The round in progress, then a whole one.
    const end = joined + 2 * secondsOf(tones) + TAIL_SECONDS;
    await until("two rounds are over", () => mount.writtenSeconds > end);
    for (const recording of await recordings(listener)) {
      const heard = tonesIn(recording, HERTZ).map(({ hertz }) => hertz);
      expect(new Set(heard.slice(1, 4)).size).toBe(3);
      expect(Math.max(...gapsBetween(recording))).toBeLessThanOrEqual(30);
    }
  }, 120_000);

  test("is faded from track to track without a gap, each as loud as the others", async () => {
    const directory = join(home.path, "faded", "music");
    const tones = TONES.map((tone, i) => ({ ...tone, seconds: 12.3 + i / 7 }));
    await makeTones(directory, tones);
    const clock = new ManualClock(1000);
    await using radio = await startStation(configOf(directory, FADE_SECONDS), clock);
    using listener = await Wire.listen(radio.listenPort, "/stream");
    const again = tones.slice(0, EARLY + 2).map(({ seconds }) => seconds - FADE_SECONDS);
    const round = tones.map(({ seconds }) => seconds - FADE_SECONDS);
    await playOn(
      radio,
      clock,
      [...round, ...again].reduce((sum, seconds) => sum + seconds),
    );
    const { head } = radio.station.first.mount.ring;
    await until("it is heard", () => listener.body.length >= head);
    for (const recording of await recordings(listener)) {
      const heard = tonesIn(recording, HERTZ).filter(({ from, to }) => to - from > 1);
      // The first may be louder, and the last has not ended.
      const faded = heard.slice(2, -1);
      const names = faded.map(
        ({ hertz }) => tones.find((tone) => tone.hertz === hertz)?.name ?? "",
      );
      expect([...new Set(names)].toSorted()).toEqual(tones.map(({ name }) => name));
      for (const { hertz, from, to } of faded) {
        const { name, seconds } = tones.find((tone) => tone.hertz === hertz)!;
        // Where one tone becomes the louder one moves by 0.15 s with each LU that a track is off.
        const isWhole = Math.abs(to - from + FADE_SECONDS - seconds) < 0.6;
        expect({ name, isWhole }).toEqual({ name, isWhole: true });
      }
      const inner = faded.map((tone) => ({ ...tone, from: tone.from + 2, to: tone.to - 2 }));
      await expectLoudness(recording, inner);
      expect(gapsBetween(recording, 882)).toEqual([]);
    }
  }, 400_000);
});
