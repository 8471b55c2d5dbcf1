// Loudness of audio without an end: the same numbers as of a file, in bounded memory.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { GatedLoudness } from "../../src/audio/gated-loudness.ts";
import { Loudness } from "../../src/audio/loudness.ts";

const RATE = 8000;

/** Seconds of noise, each at a level of its own in dB. */
function noise(levels: readonly number[]): Float32Array {
  let seed = 1;
  const random = () => ((seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647) * 2 - 1;
  return Float32Array.from({ length: levels.length * RATE }, (_, i) => {
    return random() * 10 ** ((levels[Math.floor(i / RATE)] ?? 0) / 20);
  });
}

function measured(levels: readonly number[]): Loudness {
  const loudness = new Loudness(RATE, 1);
  loudness.add({ sampleRate: RATE, channels: [noise(levels)] });
  return loudness;
}

test("it is the integrated loudness of the whole, gates included", () => {
  const levels = fc.array(fc.integer({ min: -80, max: -3 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(levels, fc.integer({ min: 1, max: 40 }), (each, size) => {
      const { curve, integrated } = measured(each);
      const gated = new GatedLoudness();
      for (let at = 0; at < curve.length; at += size) gated.add(curve.slice(at, at + size));
      if (integrated === null) expect(gated.integrated).toBeNull();
      else expect(Math.abs((gated.integrated ?? 0) - integrated)).toBeLessThan(0.1);
    }),
    // A block that is as loud as the relative gate may count or not.
    { numRuns: 60, seed: 7 },
  );
});

describe("the short-term loudness", () => {
  test("is that of the last three seconds", () => {
    const gated = new GatedLoudness();
    gated.add(measured([-10, -10, -10, -10, -30, -30, -30]).curve);
    expect(gated.shortTerm).toBeCloseTo(measured([-30, -30, -30]).integrated ?? 0, 0);
  });

  test("begins anew behind a gap, and is unknown for silence", () => {
    const gated = new GatedLoudness();
    expect(gated.shortTerm).toBeNull();
    gated.add(Array<number>(30).fill(-10));
    gated.add(Array<number>(5).fill(-20), true);
    expect(gated.shortTerm).toBeCloseTo(-20, 5);
    gated.add(Array<number>(30).fill(-150));
    expect(gated.shortTerm).toBeNull();
    expect(gated.integrated).toBeCloseTo(-10, 0);
  });
});

test("no block reaches over a gap", () => {
  const gated = new GatedLoudness();
  for (let i = 0; i < 100; i++) gated.add([-10, -10, -10], true);
  expect(gated.integrated).toBeNull();
});
