// What is missing in what a listener heard.
import { expect, test } from "bun:test";
import { FRAME_MS } from "../../support/tracks.ts";
import { gapsIn, type HeardFrame } from "./heard-frames.ts";

/** Frames at their pace behind a burst of ten. */
function heard(...stretches: readonly (readonly [name: string, from: number, to: number])[]) {
  const names = stretches.flatMap(([name, from, to]) =>
    Array.from({ length: to - from }, (_, at) => ({ name, number: from + at })),
  );
  return names.map((one, at) => ({ ...one, atMs: Math.max(0, at - 9) * FRAME_MS }));
}

test("what follows on is whole, and what is missing, repeated or foreign is counted", () => {
  const whole = heard(["a", 0, 40], ["b", 7, 20], ["a", 40, 60]);
  expect(gapsIn(whole, ["a"])).toMatchObject({ lost: 0, repeated: 0, foreign: 0, lateFrames: 0 });
  expect(gapsIn(whole, ["a"]).reserveSeconds).toBeCloseTo((9 * FRAME_MS) / 1000, 6);
  expect(gapsIn(heard(["a", 0, 40], ["b", 0, 1], ["a", 43, 50]), ["a"]).lost).toBe(3);
  expect(gapsIn(heard(["a", 0, 40], ["b", 0, 1], ["a", 43, 50]), []).lost).toBe(0);
  expect(gapsIn(heard(["a", 0, 10], ["a", 12, 20]), []).lost).toBe(2);
  expect(gapsIn(heard(["a", 0, 10], ["a", 8, 20]), []).repeated).toBe(2);
  const silent = heard(["", 0, 30], ["a", 0, 9], ["", 0, 4], ["a", 9, 20], ["", 0, 9]);
  expect(gapsIn(silent, ["a"])).toMatchObject({ foreign: 4, lost: 0 });
});

test("a pause is longer than a frame, and late is what a player lacked", () => {
  const late: HeardFrame[] = heard(["a", 0, 100]).map(({ atMs, ...rest }) => {
    return { ...rest, atMs: rest.number < 60 ? atMs : atMs + 12 * FRAME_MS };
  });
  const { pauseMs, lateFrames, reserveSeconds } = gapsIn(late, ["a"]);
  expect(pauseMs).toBeCloseTo(12 * FRAME_MS, 6);
  expect(lateFrames).toBe(3);
  expect(reserveSeconds).toBeLessThan(0);
});
