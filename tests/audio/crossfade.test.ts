// The mix of two tracks: equal power where there is room for it, and never louder than the tracks themselves.
import { describe, expect, test } from "bun:test";
import { crossfade, type Part } from "../../src/audio/crossfade.ts";

const LENGTH = 1000;
const FADE = { from: 300, to: 700 };

const constant = (value: number, at = 0): Part => {
  return { channels: [new Float32Array(LENGTH).fill(value)], at };
};

function mix(a: Part, b: Part): Float32Array {
  return crossfade(a, b, FADE, 0, LENGTH)[0]!;
}

describe("a crossfade of two signals", () => {
  test("is the first before it, and the second after it", () => {
    const mixed = mix(constant(0.1), constant(0.2));
    expect(mixed.subarray(0, FADE.from + 1).every((x) => x === Math.fround(0.1))).toBe(true);
    expect(mixed.subarray(FADE.to).every((x) => x === Math.fround(0.2))).toBe(true);
  });

  test("has the power of one throughout, if the two have nothing in common", () => {
    const [one, two] = [mix(constant(0.1), constant(0)), mix(constant(0), constant(0.1))];
    for (let i = 0; i < LENGTH; i++) expect(Math.hypot(one[i]!, two[i]!)).toBeCloseTo(0.1, 6);
  });

  test("takes what lies outside of them as silence", () => {
    const mixed = mix(constant(0.1, -500), constant(0.2, 600));
    expect(mixed.subarray(500, 600).every((x) => x === 0)).toBe(true);
    expect(mixed[499]).toBeGreaterThan(0);
    expect(mixed[600]).toBeGreaterThan(0);
  });

  test.each([0.5, 0.7, 0.89, 1])(
    "of peaks of %d that add up exceeds neither these nor -1 dBFS",
    (peak) => {
      const mixed = mix(constant(peak), constant(peak));
      expect(Math.max(...mixed)).toBeLessThanOrEqual(Math.max(peak, 0.8913) + 1e-6);
    },
  );

  test("keeps its equal power as far as there is room", () => {
    expect(mix(constant(0.5), constant(0.5))[500]).toBeCloseTo(0.5 * Math.SQRT2, 3);
    expect(mix(constant(0.7), constant(0.7))[500]).toBeGreaterThan(0.8);
  });

  test("mixes each channel with its own", () => {
    const stereo = (left: number, right: number): Part => {
      return { channels: [left, right].map((x) => new Float32Array(LENGTH).fill(x)), at: 0 };
    };
    const [left, right] = crossfade(stereo(0.1, 0.2), stereo(0.3, 0.4), FADE, 0, LENGTH);
    expect([left?.[0], right?.[0]]).toEqual([0.1, 0.2].map(Math.fround));
    expect([left?.[999], right?.[999]]).toEqual([0.3, 0.4].map(Math.fround));
  });
});
