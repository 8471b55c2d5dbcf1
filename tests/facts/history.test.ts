// The day's listeners by mount, while mounts come and go.
import { expect, test } from "bun:test";
import { History } from "../../src/facts/history.ts";

const HOUR = 3600;

/** A day is 24 samples here. */
function hourly(): History {
  return new History(HOUR);
}

test("a mount added later has no listeners before, and leaves the others their own", () => {
  const history = hourly();
  history.add(1, [["/first", 5]]);
  history.add(2, [
    ["/first", 6],
    ["/second", 7],
  ]);
  expect(history.series("/first", 10, 10).listeners).toEqual([5, 6]);
  expect(history.series("/second", 10, 10).listeners).toEqual([0, 7]);
});

test("what was before a restart comes first, minutes without listeners as such", () => {
  const history = new History(30);
  history.add(790, [["/here", 5]]);
  history.restore([["/here", 600, 3] as const, ["/here", 720, 4] as const], 780);
  history.add(820, [["/here", 6]]);
  const { times, listeners } = history.series("/here", 100, 100);
  expect(times).toEqual([600, 630, 660, 690, 720, 750, 790, 820]);
  expect(listeners).toEqual([3, 3, 0, 0, 4, 4, 5, 6]);
});

test("a mount that was removed and is back has a gap without listeners", () => {
  const history = hourly();
  history.add(1, [["/here", 3]]);
  history.add(2, []);
  history.add(3, [["/here", 4]]);
  expect(history.series("/here", 10, 10)).toEqual({
    stepSeconds: HOUR,
    times: [1, 2, 3],
    listeners: [3, 0, 4],
  });
});

test("a mount that is away for a day is forgotten", () => {
  const history = hourly();
  history.add(0, [["/gone", 9]]);
  for (let at = 1; at <= 24; at++) history.add(at, [["/here", at]]);
  expect(Math.max(...history.series("/gone", 24, 24).listeners)).toBe(0);
  expect(history.series("/here", 100, 100).times).toHaveLength(24);
});

test("a step shows the largest count within it, and the newest step is complete", () => {
  const history = hourly();
  for (const [at, count] of [1, 9, 2, 3, 8].entries()) history.add(at, [["/here", count]]);
  expect(history.series("/here", 24, 3)).toEqual({
    stepSeconds: 2 * HOUR,
    times: [0, 2, 4],
    listeners: [1, 9, 8],
  });
});
