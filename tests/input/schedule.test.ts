// When the next frame is due: the samples before it, exactly, for as long as it plays.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { Schedule } from "../../src/input/schedule.ts";

test("the first frame is due at the anchor, the next when its samples are over", () => {
  const schedule = new Schedule();
  schedule.anchor(5000);
  expect(schedule.dueMs).toBe(5000);
  schedule.spend(44_100, 44_100);
  expect(schedule.dueMs).toBe(6000);
});

test("a year of frames does not drift by a microsecond", () => {
  const schedule = new Schedule();
  schedule.anchor(1234.5);
  const frames = Math.round((365 * 86_400 * 44_100) / 1152);
  for (let i = 0; i < 1000; i++) schedule.spend(1152, 44_100);
  schedule.spend(1152 * (frames - 1000), 44_100);
  const exact = 1234.5 + Number((BigInt(frames) * 1_152_000_000_000n) / 44_100n) / 1e6;
  expect(Math.abs(schedule.dueMs - exact)).toBeLessThan(0.001);
});

test("frames add up the same one by one as all at once, at any rate", () => {
  const rate = fc.constantFrom(8000, 11_025, 22_050, 44_100, 48_000);
  fc.assert(
    fc.property(rate, fc.integer({ min: 1, max: 5000 }), (sampleRate, count) => {
      const [one, all] = [new Schedule(), new Schedule()];
      for (let i = 0; i < count; i++) one.spend(1152, sampleRate);
      all.spend(1152 * count, sampleRate);
      expect(one.dueMs).toBe(all.dueMs);
    }),
  );
});

test("a change of sample rate moves no frame that was before it", () => {
  const schedule = new Schedule();
  schedule.anchor(0);
  schedule.spend(44_100, 44_100);
  schedule.spend(24_000, 48_000);
  schedule.spend(44_100, 44_100);
  expect(schedule.dueMs).toBeCloseTo(2500, 9);
});

test("an anchor forgets what was spent", () => {
  const schedule = new Schedule();
  schedule.spend(44_100, 44_100);
  schedule.anchor(100);
  expect(schedule.dueMs).toBe(100);
});

test("lateness is in seconds, negative before the time", () => {
  const schedule = new Schedule();
  schedule.anchor(1000);
  expect(schedule.lateSeconds(3500)).toBe(2.5);
  expect(schedule.lateSeconds(500)).toBe(-0.5);
});
