// What the side information of MP3 says about its level: never silent what is not, never loud what is.
import { describe, expect, test } from "bun:test";
import { splitFrames } from "../../../src/format/frame-slice.ts";
import {
  layer3Level,
  type LevelBounds,
  LOW_ERROR_DB,
} from "../../../src/format/mpeg/layer3-level.ts";
import { createMpegParser, silentMpegFrame } from "../../../src/format/sync/mpeg.ts";
import { requireProgram } from "../../support/programs.ts";
import { garbage, mpegFrame } from "../mpeg-builder.ts";
import { run } from "./mp3-files.ts";

const canRun = ["ffmpeg", "lame"].map(requireProgram).every((path) => path !== null);

const SOUNDS: Readonly<Record<string, string>> = {
  noise: "(2*random(0)-1)*sqrt(3)",
  tone: "sin(2*PI*1000*t)*sqrt(2)",
  bass: "sin(2*PI*60*t)*sqrt(2)",
};

const ENCODERS: readonly string[] = [
  "-c:a libmp3lame -b:a 128k",
  "-c:a libmp3lame -b:a 320k",
  "-c:a libmp3lame -q:a 4",
  "-c:a libmp3lame -b:a 32k -ar 22050 -ac 1",
];

/** dBFS (RMS) of each second. */
const LEVELS = [-96, -75, -55, -25];

/** What is said of the frames in the middle of each second; the right channel is silent. */
async function bounds(sound: string, encoder: string): Promise<LevelBounds[][]> {
  const gains = LEVELS.map((db, at) => `between(t,${at},${at + 1})*${10 ** (db / 20)}`);
  const wave = `(${gains.join("+")})*${SOUNDS[sound] ?? "0"}`;
  const input = ["-f", "lavfi", "-i", `aevalsrc='${wave}|0':s=44100:d=${LEVELS.length}`];
  const plain = ["-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "-"];
  const bytes = await run(["ffmpeg", "-v", "error", ...input, ...encoder.split(" "), ...plain]);
  const frames = splitFrames(createMpegParser().push(bytes));
  const aSecond = frames.length / LEVELS.length;
  return LEVELS.map((_, second) =>
    frames
      .slice((second + 0.3) * aSecond, (second + 0.8) * aSecond)
      .map((frame) => layer3Level(frame.bytes)),
  );
}

describe.skipIf(!canRun)("the bounds of a level", () => {
  test.each(ENCODERS)("hold for noise, tones and bass in one channel: %s", async (encoder) => {
    for (const sound of Object.keys(SOUNDS))
      for (const [second, all] of (await bounds(sound, encoder)).entries()) {
        const db = LEVELS[second] ?? 0;
        // A mean of two channels has half of the energy of one.
        expect(all.filter(({ high }) => db > -80 && high < db - 4)).toEqual([]);
        expect(all.filter(({ low }) => low - LOW_ERROR_DB > db)).toEqual([]);
      }
  });

  test("tell dither from music", async () => {
    const [dither = [], , , music = []] = await bounds("noise", "-c:a libmp3lame -b:a 128k");
    expect(dither.every(({ high }) => high < -60)).toBe(true);
    const loud = music.filter(({ low }) => low - LOW_ERROR_DB > -60);
    expect(loud.length).toBeGreaterThan(music.length / 2);
  });
});

test("a frame without main data has no level", () => {
  const silent = silentMpegFrame({ codec: "mp3", sampleRate: 44_100, channels: 2 });
  expect(layer3Level(silent).high).toBe(Number.NEGATIVE_INFINITY);
});

test("of a frame that is no layer III, or broken, nothing is known", () => {
  for (const frame of [mpegFrame({ layer: 2 }), garbage(400), mpegFrame().subarray(0, 50)])
    expect(layer3Level(frame)).toEqual({
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
});
