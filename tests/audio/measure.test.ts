// Loudness and true peak as ffmpeg's ebur128 measures them, cue points where the sound is, whatever the pieces are.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { AudioFile } from "../../src/audio/audio-file.ts";
import { decodeBuiltIn } from "../../src/audio/decode.ts";
import { type Measured, PcmMeter } from "../../src/audio/measure-pcm.ts";
import { scratch } from "../support/station.ts";
import { ffmpeg, runFfmpeg } from "./synth.ts";

// Programs wait for all others on a busy machine.
setDefaultTimeout(120_000);

let folder: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  folder = await scratch();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function measure(path: string): Promise<Measured> {
  using file = AudioFile.open(path);
  const meter = new PcmMeter();
  for await (const pcm of decodeBuiltIn(file)) meter.add(pcm);
  return meter.measured;
}

async function make(name: string, graph: string, rate: number, channels: number): Promise<string> {
  const path = `${folder.path}/${name}.wav`;
  const format = `-ar ${rate} -ac ${channels} -c:a pcm_f32le`;
  await runFfmpeg(["-f", "lavfi", "-i", graph, ...format.split(" "), path]);
  return path;
}

async function ebur128(path: string): Promise<{ loudness: number; truePeak: number }> {
  const child = Bun.spawn(
    [
      ffmpeg ?? "",
      "-nostdin",
      "-nostats",
      "-i",
      path,
      "-af",
      "ebur128=peak=true",
      "-f",
      "null",
      "-",
    ],
    { stderr: "pipe", stdout: "ignore" },
  );
  const said = await new Response(child.stderr).text();
  const text = said.slice(said.lastIndexOf("Summary:"));
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  return { loudness: number(/I: +(-?[\d.]+) LUFS/), truePeak: number(/Peak: +(-?[\d.]+) dBFS/) };
}

/** A signal, its rate and channels. */
const SIGNALS: Readonly<Record<string, readonly [graph: string, rate: number, channels: number]>> =
  {
    sine: ["sine=f=997:d=8", 44_100, 2],
    noise: ["anoisesrc=c=pink:d=10:a=0.5:seed=1", 48_000, 2],
    white: ["anoisesrc=c=white:d=6:a=0.2:seed=2", 44_100, 1],
    pauses: [
      "anoisesrc=c=brown:d=12:a=0.8:seed=3,volume='if(lt(mod(t,4),2),1,0)':eval=frame",
      48_000,
      2,
    ],
    quiet: ["aevalsrc=0.5*sin(t*2*PI*300)*if(gt(t\\,6)\\,0.01\\,1):d=12", 44_100, 2],
    high: ["sine=f=11025:d=4,aphaseshift", 44_100, 2],
    fine: ["anoisesrc=c=pink:d=6:a=0.6:seed=4", 96_000, 2],
  };

describe.skipIf(ffmpeg === null)("loudness and true peak", () => {
  test.each(Object.keys(SIGNALS))("of %s", async (name) => {
    const [graph, rate, channels] = SIGNALS[name] ?? ["", 0, 0];
    const path = await make(name, graph, rate, channels);
    const [ours, theirs] = await Promise.all([measure(path), ebur128(path)]);
    // ffmpeg rounds to tenths.
    expect(Math.abs((ours.loudness ?? 0) - theirs.loudness)).toBeLessThanOrEqual(0.1);
    expect(Math.abs((ours.truePeak ?? 0) - theirs.truePeak)).toBeLessThanOrEqual(0.5);
  });

  test("cue points are where the sound begins and ends", async () => {
    const tone = "sine=f=440:d=3,adelay=1500:all=1,apad=pad_dur=2";
    const { seconds, cueIn, cueOut } = await measure(await make("cues", tone, 44_100, 2));
    expect(seconds).toBeCloseTo(6.5, 3);
    expect(cueIn).toBeCloseTo(1.5, 2);
    expect(cueOut).toBeCloseTo(4.5, 2);
  });

  test("a fade begins where nothing as loud follows, and there is none without", async () => {
    const fading = await measure(
      await make("fade", "sine=f=440:d=10,afade=out:st=6:d=4", 44_100, 2),
    );
    expect(fading.fadeFrom).toBeGreaterThan(7);
    expect(fading.fadeFrom).toBeLessThan(9);
    const hard = await measure(await make("hard", "sine=f=440:d=10", 44_100, 2));
    expect(hard.fadeFrom).toBeCloseTo(10, 1);
  });
});

function meterOf(samples: Float32Array, sizes: readonly number[]): Measured {
  const meter = new PcmMeter();
  let at = 0;
  for (const size of [...sizes, samples.length]) {
    const part = samples.subarray(at, at + size);
    if (part.length > 0) meter.add({ sampleRate: 8000, channels: [part, part] });
    at += size;
  }
  return meter.measured;
}

test("silence has no loudness and no peak, and is cut nowhere", () => {
  expect(meterOf(new Float32Array(16_000), [])).toEqual({
    seconds: 2,
    sampleRate: 8000,
    channels: 2,
    loudness: null,
    truePeak: null,
    cueIn: 0,
    cueOut: 2,
    fadeFrom: 2,
  });
});

test("the pieces do not matter", () => {
  const samples = Float32Array.from({ length: 9000 }, (_, i) => Math.sin(i * i * 1e-4) * 0.7);
  const whole = meterOf(samples, []);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 12 }), (sizes) => {
      const { truePeak, loudness, ...rest } = meterOf(samples, sizes);
      expect(rest).toEqual({
        seconds: whole.seconds,
        sampleRate: 8000,
        channels: 2,
        cueIn: whole.cueIn,
        cueOut: whole.cueOut,
        fadeFrom: whole.fadeFrom,
      });
      expect(truePeak).toBeCloseTo(whole.truePeak ?? 0, 9);
      expect(loudness).toBeCloseTo(whole.loudness ?? 0, 9);
    }),
    { numRuns: 50 },
  );
});
