// A change of the sample rate keeps a tone's pitch, level and place, adds no other, and does not depend on the pieces.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Resampler } from "../../src/audio/resample.ts";
import type { Pcm } from "../../src/audio/pcm.ts";

function sine(hertz: number, rate: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));
}

function resample(samples: Float32Array, from: number, to: number, sizes: readonly number[] = []) {
  const resampler = new Resampler(from, to);
  const out: Pcm[] = [];
  let at = 0;
  for (const size of [...sizes, samples.length]) {
    const part = samples.subarray(at, at + size);
    if (part.length > 0) out.push(resampler.add({ sampleRate: from, channels: [part] }));
    at += size;
  }
  out.push(resampler.finish());
  return Float32Array.from(out.flatMap(({ channels }) => [...(channels[0] ?? [])]));
}

/** The loudest difference away from the ends, relative to full scale, in dB. */
function errorDb(got: Float32Array, wanted: Float32Array): number {
  let worst = 0;
  for (let i = 2000; i < wanted.length - 2000; i++) {
    worst = Math.max(worst, Math.abs((got[i] ?? 0) - (wanted[i] ?? 0)));
  }
  return 20 * Math.log10(worst);
}

describe("resampling", () => {
  test.each([
    [48_000, 44_100],
    [44_100, 48_000],
    [96_000, 44_100],
    [22_050, 44_100],
    [44_100, 22_050],
    [192_000, 48_000],
    [11_025, 48_000],
    [32_000, 44_100],
  ])("%d Hz to %d Hz leaves a tone as it is", (from, to) => {
    const hertz = Math.min(from, to) * 0.2;
    const length = Math.floor(from / 2);
    const got = resample(sine(hertz, from, length), from, to);
    expect(got.length).toBe(Math.ceil((length * to) / from));
    expect(errorDb(got, sine(hertz, to, got.length))).toBeLessThan(-75);
  });

  test("an odd rate is exact to 60 dB", () => {
    const got = resample(sine(1000, 44_056, 22_028), 44_056, 44_100);
    expect(errorDb(got, sine(1000, 44_100, got.length))).toBeLessThan(-60);
  });

  test("what the lower rate cannot hold is left out", () => {
    const got = resample(sine(30_000, 96_000, 48_000), 96_000, 44_100);
    expect(errorDb(got, new Float32Array(got.length))).toBeLessThan(-75);
  });

  test("the pieces do not matter", () => {
    const samples = sine(700, 48_000, 5000);
    const whole = resample(samples, 48_000, 44_100);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 20 }), (sizes) => {
        expect(resample(samples, 48_000, 44_100, sizes)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });
});
