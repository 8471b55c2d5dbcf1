// A soak fails on every kind of loss, and on everything that grows.
import { describe, expect, test } from "bun:test";
import type { CrowdReport } from "../bench/load/load-program.ts";
import { isHeldUp, type Sample } from "./samples.ts";
import { changes, losses } from "./verdict.ts";

const FLAWLESS = {
  refused: 0,
  failed: 0,
  closed: 0,
  frames: 1000,
  run_lost_frames: 0,
  run_repeated_frames: 0,
  run_garbage_bytes: 0,
} as CrowdReport;

const sample = (given: Partial<Sample> = {}): Sample => ({
  residentMB: 100,
  descriptors: 50,
  lateMs: 1,
  ...given,
});

const grown = (samples: readonly Sample[]) =>
  changes(samples).flatMap(({ name, isFlat }) => (isFlat ? [] : [name]));

describe("the verdict of a soak", () => {
  test("is silent about a crowd that missed nothing", () => {
    expect(losses("titled", FLAWLESS)).toEqual([]);
  });

  test("names a lost frame, a disconnected listener, and a crowd that heard nothing", () => {
    const report = { ...FLAWLESS, closed: 2, run_lost_frames: 1, frames: 0 };
    expect(losses("titled", report)).toEqual([
      "titled: 2 listeners were disconnected",
      "titled: 1 frames were lost",
      "titled: nothing was heard",
    ]);
  });

  test("takes no notice of the first quarter, in which a station warms up", () => {
    const samples = Array.from({ length: 40 }, (_, i) => sample({ residentMB: i < 10 ? 50 : 100 }));
    expect(grown(samples)).toEqual([]);
  });

  test("finds memory, descriptors and lag that go on growing", () => {
    const leak = (i: number) => ({
      residentMB: 100 + 4 * i,
      descriptors: 50 + 3 * i,
      lateMs: 200 * i,
    });
    const samples = Array.from({ length: 40 }, (_, i) => sample(leak(i)));
    expect(grown(samples)).toEqual([
      "resident memory (MB)",
      "descriptors",
      "event-loop lag (p99, ms)",
    ]);
  });

  test("says nothing of a lag while others had the processors", () => {
    const samples = Array.from({ length: 40 }, (_, i) =>
      sample({ lateMs: i < 30 ? 5 : i % 3 === 0 ? 6 : null }),
    );
    expect(grown(samples)).toEqual([]);
    const busy = Array.from({ length: 40 }, (_, i) => sample({ lateMs: i < 30 ? 5 : null }));
    expect(grown(busy)).toEqual([]);
    expect(isHeldUp([])).toBe(false);
    expect(isHeldUp([5000, 5999].map((waitedMs) => ({ atMs: 0, waitedMs })))).toBe(false);
    expect(isHeldUp([5000, 6001].map((waitedMs) => ({ atMs: 0, waitedMs })))).toBe(true);
  });
});
