// How late the event loop has been, of the last 10 to 20 s.
import { expect, test } from "bun:test";
import { Lateness } from "../../src/output/lateness.ts";

test("before anything was due nothing was late", () => {
  expect(new Lateness().facts()).toEqual({ p99Ms: 0, maxMs: 0 });
});

test("it has the maximum and the 99th percentile", () => {
  const lateness = new Lateness();
  for (let turn = 0; turn < 999; turn++) lateness.record(2, turn);
  lateness.record(80, 999);
  const { p99Ms, maxMs } = lateness.facts();
  expect(p99Ms).toBeCloseTo(2, 1);
  expect(maxMs).toBeCloseTo(80, 0);
});

test("a late turn counts for 10 s at least and 20 s at most", () => {
  const lateness = new Lateness();
  const maxAfter = (nowMs: number) => {
    lateness.record(1, nowMs);
    return Math.round(lateness.facts().maxMs);
  };
  lateness.record(1, 0);
  lateness.record(50, 9_999);
  expect(maxAfter(10_000)).toBe(50);
  expect(maxAfter(19_999)).toBe(50);
  expect(maxAfter(20_000)).toBe(1);
});
