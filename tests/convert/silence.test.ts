// Silence in streams that have to be decoded, decoded for real: quiet music is none, noise below it is.
import { expect, setDefaultTimeout, test } from "bun:test";
import { hearWindow } from "../../src/convert/hear-window.ts";
import { createParser } from "../../src/format/create-parser.ts";
import { Detector } from "../../src/format/detect.ts";
import { SilenceDetector } from "../../src/input/live/silence-detector.ts";
import { run } from "../format/mpeg/mp3-files.ts";
import { requireProgram } from "../support/programs.ts";

setDefaultTimeout(120_000);

const canRun = requireProgram("ffmpeg") !== null;

const QUIET_SECONDS = 16;
const SECONDS = 48;
const TIMEOUT = 6;

/** A faint tone with pauses, dBFS -45, then noise of -72. */
const TONE = `${Math.SQRT2 * 10 ** (-45 / 20)}*sin(2*PI*440*t)*gt(mod(t,4),2)*lt(t,${QUIET_SECONDS})`;
const NOISE = `${Math.sqrt(3) * 10 ** (-72 / 20)}*(2*random(0)-1)`;

const CODECS: Readonly<Record<string, string>> = {
  "Ogg Opus": "-c:a libopus -b:a 96k -f ogg",
  "Ogg Vorbis": "-c:a libvorbis -q:a 3 -f ogg",
  "Ogg FLAC": "-c:a flac -sample_fmt s16 -f ogg",
  MP3: "-c:a libmp3lame -b:a 192k -write_xing 0 -f mp3",
};

test.skipIf(!canRun).each(Object.entries(CODECS))("%s", async (_, options) => {
  const source = `aevalsrc='${TONE}+${NOISE}|0':s=48000:d=${SECONDS}`;
  const input = ["-f", "lavfi", "-i", source];
  const audio = await run(["ffmpeg", "-v", "error", ...input, ...options.split(" "), "-"]);
  const codec = new Detector().push(audio.subarray(0, 16_384));
  const parser = codec === null ? null : createParser(codec);
  if (parser === null) throw new Error("no parser");
  let measured: Promise<unknown> = Promise.resolve();
  let seconds = 0;
  const silentAt: number[] = [];
  let detector: SilenceDetector | null = null;
  for (let at = 0; at < audio.length; at += 2048) {
    let frames = parser.push(audio.subarray(at, at + 2048));
    for (; frames.count > 0; frames = parser.next()) {
      seconds += frames.seconds;
      detector ??= new SilenceDetector(
        parser.format?.codec ?? "speex",
        (window) => {
          const heard = hearWindow(window.audio, window.skipSteps);
          measured = heard;
          return heard;
        },
        () => silentAt.push(seconds),
        () => TIMEOUT,
      );
      detector.add(frames);
      await measured;
    }
  }
  expect(silentAt).toHaveLength(1);
  expect(silentAt[0]).toBeGreaterThan(QUIET_SECONDS + TIMEOUT - 3);
});
