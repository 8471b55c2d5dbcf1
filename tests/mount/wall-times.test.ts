// The time of day of each second of audio.
import fc from "fast-check";
import { expect, test } from "bun:test";
import { WallTimes } from "../../src/mount/wall-times.ts";

test("between its notes, audio passes as the clock does", () => {
  const times = new WallTimes();
  times.note(0, 1_000_000);
  times.note(10, 1_010_000);
  expect(times.at(4)).toBe(1_004_000);
  expect(times.position(1_004_000)).toBe(4);
  expect(times.at(12.5)).toBe(1_012_500);
  expect(times.position(1_012_500)).toBe(12.5);
});

test("nothing is known before the first", () => {
  const times = new WallTimes();
  expect([times.at(0), times.position(5)]).toEqual([null, null]);
  times.note(20, 5000);
  expect([times.at(19), times.position(4999)]).toEqual([null, null]);
});

test("of a time in which nothing was written, the last audio before it is found", () => {
  const times = new WallTimes();
  times.note(0, 0);
  times.note(10, 60_000);
  expect(times.position(50_000)).toBe(10);
  expect(times.position(61_000)).toBe(11);
});

test("the latest of many notes are kept, each ten seconds of audio apart", () => {
  const times = new WallTimes();
  for (let seconds = 0; seconds < 200_000; seconds++) times.note(seconds, seconds * 1000);
  expect(times.at(199_999)).toBe(199_999_000);
  expect(times.at(199_999 - 21_600)).toBe(178_399_000);
  expect(times.at(1)).toBeNull();
});

test("whatever the clock did, a position leads back to itself", () => {
  const steps = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })),
  );
  fc.assert(
    fc.property(steps, fc.nat(1000), (passed, share) => {
      const times = new WallTimes();
      let [seconds, wallMs] = [0, 0];
      times.note(0, 0);
      for (const [more, later] of passed) {
        seconds += more;
        wallMs += Math.max(more, later) * 1000;
        times.note(seconds, wallMs);
      }
      const asked = (seconds * share) / 1000;
      const found = times.position(times.at(asked) ?? Number.NaN);
      expect(found).toBeCloseTo(asked, 6);
    }),
  );
});
