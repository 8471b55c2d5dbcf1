// A clock that leaves out the time in which the process stood still.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { WakingClock } from "../../src/lib/clock.ts";
import { ManualClock } from "../input/stage.ts";

test("an awake process is shown the time as it is", () => {
  const real = new ManualClock();
  const clock = new WakingClock(real);
  for (let turn = 0; turn < 50; turn++) {
    real.ms += 100;
    expect(clock.beat()).toBe(0);
    expect(clock.nowMs()).toBe(real.ms);
  }
});

test("a freeze of 12 s is two seconds, before the next beat and after it", () => {
  const real = new ManualClock();
  const clock = new WakingClock(real);
  real.ms = 12_000;
  expect(clock.nowMs()).toBe(2000);
  expect(clock.beat()).toBe(10_000);
  expect([clock.nowMs(), clock.realMs()]).toEqual([2000, 12_000]);
  real.ms += 500;
  expect(clock.nowMs()).toBe(2500);
});

test("it never goes back and never passes more than two seconds between beats", () => {
  const steps = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 5000 }), beats: fc.boolean() }));
  const holds = (taken: readonly { ms: number; beats: boolean }[]) => {
    const real = new ManualClock();
    const clock = new WakingClock(real);
    let [last, atBeat] = [clock.nowMs(), clock.nowMs()];
    for (const { ms, beats } of taken) {
      real.ms += ms;
      if (beats) clock.beat();
      const nowMs = clock.nowMs();
      expect(nowMs).toBeGreaterThanOrEqual(last);
      expect(nowMs - atBeat).toBeLessThanOrEqual(2000);
      last = nowMs;
      if (beats) atBeat = nowMs;
    }
  };
  fc.assert(fc.property(steps, holds));
});
