// What a run measures on whom, in which order, and how long it takes.
import { describe, expect, test } from "bun:test";
import { cycast, floor, icecast } from "./peers.ts";
import { partSeconds, sessionsOf } from "./plan.ts";
import { PARTS, wholeRun } from "./run.ts";
import {
  BITRATES,
  crowd,
  describeScenario,
  halfStalled,
  LISTENERS,
  matrix,
  MORE_BITRATES,
  steady,
  watched,
} from "./scenarios.ts";

const WHOLE = {
  listeners: LISTENERS,
  bitrates: BITRATES,
  moreBitrates: MORE_BITRATES,
  withTitles: true,
};
const SERVERS = [icecast("Icecast 2", "icecast2"), icecast("Icecast-KH", "icecast")];
const PEERS = [cycast("listen port"), cycast("source port"), ...SERVERS, floor()];

describe("the matrix", () => {
  test("has every size at every bitrate with and without titles, and one size at more bitrates", () => {
    const all = matrix(WHOLE).map(describeScenario);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBe(4 * 2 * 2 + 2 + 1 + 2);
    expect(all.filter((one) => /^(10|500) /.test(one))).toEqual([
      "10 listeners, 128 kbit/s",
      "500 listeners, 128 kbit/s",
    ]);
    expect(all.filter((one) => /\b(32|64) kbit/.test(one))).toEqual([
      "4000 listeners, 32 kbit/s",
      "4000 listeners, 64 kbit/s",
    ]);
  });

  test("goes from few listeners to many, with titles right behind without", () => {
    const all = matrix({ ...WHOLE, listeners: LISTENERS.toReversed() });
    const sizes = all.map(({ listeners }) => listeners);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    for (const [i, one] of all.entries()) {
      if (one.icy) expect(all[i - 1]).toMatchObject({ icy: false, bitrate: one.bitrate });
    }
  });

  test("has nothing that was not asked for", () => {
    const little = { listeners: [100], bitrates: [128], moreBitrates: [32], withTitles: false };
    expect(matrix(little)).toEqual([steady(100, false, 128)]);
  });
});

test("a server is measured in what it has: the floor in steady crowds without titles, one server each", () => {
  const crowds = [steady(100, false, 128), steady(100, true, 128), crowd(5), halfStalled(4)];
  const scenarios = [...crowds, watched(100)];
  expect(sessionsOf(cycast("source port"), scenarios)).toEqual([scenarios]);
  expect(sessionsOf(icecast("Icecast 2", "icecast2"), scenarios)).toEqual([crowds]);
  const plain = [steady(100, false, 128), steady(1000, false, 128)];
  expect(sessionsOf(floor(), [...plain, ...scenarios.slice(1)])).toEqual(plain.map((one) => [one]));
});

test("a part takes as long as its servers' crowds, each repeat and each session's first one told", () => {
  const one = { ...steady(100, false, 128), rampSeconds: 10, warmupSeconds: 20, seconds: 30 };
  const seconds = (scenarios: readonly (typeof one)[], isWarmed: boolean) =>
    partSeconds({ peers: SERVERS, scenarios, before: () => (isWarmed ? one : null) });
  const once = seconds([one], false);
  expect(once).toBeGreaterThan(2 * 60);
  expect(once).toBeLessThan(2 * 63);
  const more = [seconds([one, one], false), seconds([one], true)];
  more.push(seconds([{ ...one, repeats: 2 }], false));
  for (const longer of more) expect(longer - once).toBeCloseTo(2 * 60.4);
});

test("the whole run of every server takes less than an hour and a half, and the parts can be told apart", () => {
  const jobs = wholeRun(PARTS, PEERS, WHOLE);
  expect(jobs.map(({ name }) => name)).toEqual([...PARTS]);
  const minutes = jobs.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  expect(minutes).toBeGreaterThan(40);
  expect(minutes).toBeLessThan(90);
  const [steadyAlone] = wholeRun(["steady"], SERVERS, WHOLE);
  expect(steadyAlone?.seconds).toBeLessThan(jobs[2]?.seconds ?? 0);
  expect(wholeRun(["idle", "library", "mounts", "hls", "history", "node"], SERVERS, WHOLE)).toEqual(
    [],
  );
});
