// Whose titles the page shows to a listener by HLS while the station starts again.
import { expect, test } from "bun:test";
import { EarlierRuns, type MountWithTimeline } from "./pure-scripts.ts";

const ZERO_MS = 1_700_000_000_000;

const mount = (headSeconds: number, zeroMs: number | null): MountWithTimeline => ({
  mount: "/stream",
  timeline: { headSeconds, zeroMs, airings: [{ fromSeconds: 0.5 }] },
});
const dated = (ms: number) => new Date(ZERO_MS + ms);

const old = mount(100, ZERO_MS);
const young = mount(1, null);
/** Its audio begins half a second behind its zero. */
const begun = mount(8, ZERO_MS + 102_000);

test("what was sent before the restart keeps its titles, also while the new run has no dates yet", () => {
  const runs = new EarlierRuns();
  runs.note([old], [young]);
  expect(runs.timelineAt(young, dated(95_000))).toBe(old.timeline);
  runs.note([young], [begun]);
  expect(runs.timelineAt(begun, dated(102_499))).toBe(old.timeline);
  expect(runs.timelineAt(begun, dated(102_500))).toBe(begun.timeline);
});

test("a run that goes on has its own titles, and so has whoever knows no date", () => {
  const runs = new EarlierRuns();
  runs.note([mount(99.5, ZERO_MS)], [old]);
  expect(runs.timelineAt(old, dated(-5000))).toBe(old.timeline);
  runs.note([old], [begun]);
  expect(runs.timelineAt(begun, null)).toBe(begun.timeline);
});

test("a run that ended before it had dates hides none before it", () => {
  const runs = new EarlierRuns();
  runs.note([old], [mount(3, null)]);
  runs.note([mount(3, null)], [young]);
  expect(runs.timelineAt(young, dated(95_000))).toBe(old.timeline);
});
