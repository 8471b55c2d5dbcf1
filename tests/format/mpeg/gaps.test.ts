// What is missing between two tracks of a low sample rate, as two decoders play them, whatever the first one's length.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Frames } from "../../../src/format/frame.ts";
import { splitFrames } from "../../../src/format/frame-slice.ts";
import { readInfoFrame } from "../../../src/format/mpeg/info-frame.ts";
import { TrackShape } from "../../../src/format/mpeg/track-shape.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { scratch } from "../../support/station.ts";
import { DECODERS, hasMp3Programs, run } from "./mp3-files.ts";

const HERTZ = 441.7;
const FRAME_SAMPLES = 576;
const DECODER_DELAY = 529;

/** Lengths of the first track that leave every amount of padding. */
const LENGTHS = 6;
const STEP = FRAME_SAMPLES / LENGTHS;

const MOST_GAP_MS = 30;
const MOST_LOST_MS = 20;

let home: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  home = await scratch();
});
afterAll(() => home[Symbol.asyncDispose]());

/** A tone of so many samples, in frames that need nothing of those before them. */
async function encode(rate: number, samples: number): Promise<Uint8Array> {
  const pcm = Int16Array.from(
    { length: samples },
    (_, i) => 8000 * Math.sin((2 * Math.PI * HERTZ * i) / rate),
  );
  const path = join(home.path, `${rate}-${samples}.mp3`);
  const how = `--quiet -r -s ${rate / 1000} -m m --nores -b 96 --resample ${rate / 1000}`;
  await run(["lame", ...how.split(" "), "-", path], new Uint8Array(pcm.buffer));
  return Bun.file(path).bytes();
}

const copies = (frames: Frames) => splitFrames(frames).map(({ bytes }) => bytes.slice());

/** The frames that play, and the samples of sound that are lost with those left out at the end. */
function shaped(file: Uint8Array): { readonly frames: Uint8Array[]; readonly lost: number } {
  const first = createMpegParser().push(file);
  const [head = new Uint8Array(0)] = copies(first);
  const { delay = 0, padding = 0 } = readInfoFrame(head) ?? {};
  expect(padding).toBeGreaterThan(0);
  const parser = createMpegParser();
  const all = parser.push(file.subarray(head.length));
  const track = new TrackShape({ steps: 0, silence: 0.5, ends: { delay, padding } });
  const frames = [...copies(track.push(all)), ...copies(track.end(all))];
  const atStart = Math.round((delay + DECODER_DELAY) / FRAME_SAMPLES);
  const atEnd = all.count - frames.length - atStart;
  return { frames, lost: atEnd * FRAME_SAMPLES - (padding - DECODER_DELAY) };
}

/** Samples around `middle` in which less than half of the level is heard. */
function gapAt(samples: Float32Array, middle: number, window: number): number {
  const energy = (at: number) =>
    samples.subarray(at, at + window).reduce((sum, sample) => sum + sample ** 2, 0);
  const least = energy(middle - 10 * FRAME_SAMPLES) / 4;
  let [last, gap] = [Number.NaN, 0];
  for (let at = middle - 4 * FRAME_SAMPLES; at < middle + 4 * FRAME_SAMPLES; at++) {
    if (energy(at) < least) continue;
    gap = Math.max(gap, at - last || 0);
    last = at;
  }
  return gap;
}

describe.skipIf(!hasMp3Programs)("between two tracks", () => {
  test.each([22_050, 24_000])(
    "of %d Hz no gap is heard of more than 30 ms, and no more than 20 ms of the first are lost",
    async (rate) => {
      const ms = (samples: number) => (samples / rate) * 1000;
      const second = shaped(await encode(rate, rate / 2)).frames;
      for (let i = 0; i < LENGTHS; i++) {
        const { frames, lost } = shaped(await encode(rate, rate / 2 + i * STEP + 1));
        expect(ms(lost)).toBeLessThan(MOST_LOST_MS);
        const middle = frames.length * FRAME_SAMPLES;
        const joined = [...frames, ...second];
        const all = await Promise.all(DECODERS.map(({ decode }) => decode(joined, home.path)));
        for (const heard of all) {
          const gap = ms(gapAt(heard, middle, Math.round(rate / HERTZ)));
          expect(gap).toBeLessThan(MOST_GAP_MS);
        }
      }
    },
    180_000,
  );
});
