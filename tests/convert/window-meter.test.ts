// The loudness of live streams of every codec that is decoded here, measured by the real child process.
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { WindowMeter } from "../../src/convert/window-meter.ts";
import { createParser } from "../../src/format/create-parser.ts";
import { Detector } from "../../src/format/detect.ts";
import type { Frames } from "../../src/format/frame.ts";
import { LiveLoudness } from "../../src/input/live/live-loudness.ts";
import { Dj } from "../input/playlist/radio.ts";
import { ManualClock } from "../input/stage.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch, until } from "../support/station.ts";
import { scripted } from "./converting.ts";

setDefaultTimeout(120_000);

const ffmpeg = requireProgram("ffmpeg");
const home = await scratch();
afterAll(() => home[Symbol.asyncDispose]());

/** dBFS of ffmpeg's sine, whose amplitude is an eighth, and in each of two channels as much less as they are more. So many
 * LUFS it has too. */
const LEVEL = 20 * Math.log10(Math.SQRT1_2 / 8);
const SECONDS = 12;

/** A tone of a known level, as an encoder sends it. */
async function stream(ending: string, rate: number, more: readonly string[]): Promise<Uint8Array> {
  const path = join(home.path, `tone-${rate}-${more.at(-1)}.${ending}`);
  const tone = ["-f", "lavfi", "-i", `sine=f=997:d=${SECONDS}:r=${rate}`, "-ac", "2"];
  const { exitCode, stderr } = Bun.spawnSync([ffmpeg ?? "", "-v", "error", ...tone, ...more, path]);
  if (exitCode !== 0) throw new Error(stderr.toString());
  return Bun.file(path).bytes();
}

/** The source that the frames come from. */
function sourceOf(audio: Uint8Array): { readonly dj: Dj; batches(): Iterable<Frames> } {
  const codec = new Detector().push(audio.subarray(0, 16_384));
  const parser = codec === null ? null : createParser(codec);
  if (parser === null) throw new Error("no parser");
  const dj = Object.defineProperty(new Dj(), "format", { get: () => parser.format });
  function* batches() {
    for (let at = 0; at < audio.length; at += 4096) {
      let frames = parser?.push(audio.subarray(at, at + 4096));
      for (; frames !== undefined && frames.count > 0; frames = parser?.next()) yield frames;
    }
  }
  return { dj, batches };
}

test.skipIf(ffmpeg === null).each([
  ["mp3", 44_100, ["-b:a", "128k", "-write_xing", "0"]],
  ["mp3", 22_050, ["-b:a", "48k"]],
  ["ogg", 44_100, ["-c:a", "libvorbis"]],
  ["ogg", 48_000, ["-c:a", "libopus"]],
  ["ogg", 44_100, ["-c:a", "flac"]],
  ["ogg", 96_000, ["-c:a", "flac"]],
] as const)("a tone in %s at %d Hz, %j, is as loud as it is", async (ending, rate, more) => {
  const { dj, batches } = sourceOf(await stream(ending, rate, more));
  const clock = new ManualClock();
  const meter = new WindowMeter({ priority: "usual" });
  const loudness = new LiveLoudness("/stream", (window) => meter.measure(window), clock);
  try {
    for (const frames of batches()) {
      loudness.add(dj, frames);
      clock.ms = 5000;
    }
    await until("it is measured", () => {
      const { integrated, why } = loudness.of(dj);
      if (why !== null) throw new Error(why);
      return integrated !== null;
    });
    const { shortTerm, integrated, truePeak } = loudness.of(dj);
    for (const value of [shortTerm, integrated, truePeak])
      expect(Math.abs((value ?? 0) - LEVEL)).toBeLessThan(0.5);
  } finally {
    meter.close();
  }
});

test("windows are measured one after the other, and a child that crashes fails its own only", async () => {
  const reply = "{ id: message.id, heard: { steps: [message.job.skipSteps], truePeak: null } }";
  const crash = 'if (message.job.path === "/crash") process.exit(1);';
  const process = scripted(
    `process.on("message", (message) => { ${crash} process.send(${reply}); });`,
  );
  const meter = new WindowMeter({ process });
  const window = (name: string, skipSteps: number) => {
    return meter.measure({ name, audio: new Uint8Array(4), skipSteps });
  };
  const all = await Promise.allSettled([window("/a", 1), window("/crash", 2), window("/b", 3)]);
  meter.close();
  expect(all).toMatchObject([
    { status: "fulfilled", value: { steps: [1] } },
    { status: "rejected", reason: { message: "exit code 1" } },
    { status: "fulfilled", value: { steps: [3] } },
  ]);
  await expect(window("/c", 4)).rejects.toThrow("the station is stopping");
});
