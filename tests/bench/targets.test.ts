// What is aimed at is told of the right crowds; what was waited for in vain is not taken for unmeasured.
import { describe, expect, test } from "bun:test";
import { figures } from "./example-figures.ts";
import type { Figures } from "./fan-out.ts";
import { crowd, halfStalled, steady, watched } from "./scenarios.ts";
import { targetsOf, targetsTable } from "./targets.ts";

const OURS = "Cycast, source port";

function value(what: string, all: readonly Figures[], door: "listen" | "source" = "source") {
  const found = targetsOf(`Cycast, ${door} port`, all).filter((one) => one.what === what);
  expect(found.length).toBe(1);
  return found[0]?.value;
}

function atMost(what: string, door: "listen" | "source"): number | null | undefined {
  return targetsOf(`Cycast, ${door} port`, []).find((one) => one.what === what)?.atMost;
}

describe("a door's cost is told as a share", () => {
  const many = steady(4000, false, 128);
  const all = [
    figures(OURS, steady(4000, false, 320), { cpuSecondsPerGB: 90 }),
    figures(OURS, many, { cpuSecondsPerGB: 2 }),
    figures(OURS, steady(4000, true, 128), { cpuSecondsPerGB: 3 }),
    figures("Icecast 2", many, { cpuSecondsPerGB: 10 }),
    figures("Icecast-KH", many, { cpuSecondsPerGB: 5 }),
    figures("bare C, same sends", many, { cpuSecondsPerGB: 1.6 }),
  ];

  test.each([
    ["CPU per GB at 4,000, of Icecast's", 0.2],
    ["CPU per GB at 4,000, of Icecast-KH's", 0.4],
    ["CPU per GB at 4,000, of the floor's", 1.25],
    ["CPU per GB with titles at 4,000, of that without", 1.5],
    ["CPU per GB at 10,000, of the floor's", null],
  ])("%s", (what, share) => expect(value(what, all)).toBe(share));
});

test.each([10, 100, 500])("of %d listeners both cost and latency are aimed at", (count) => {
  const few = steady(count, false, 128);
  const all = [
    figures(OURS, few, { cpuSecondsPerGB: 3, report: { latency_p50_ms: 2 } }),
    figures("Icecast 2", few, { cpuSecondsPerGB: 4 }),
  ];
  expect(value(`CPU per GB at ${count}, of Icecast's`, all)).toBe(0.75);
  expect(atMost(`CPU per GB at ${count}, of Icecast's`, "source")).toBe(0.8);
  expect(value(`latency p50 at ${count}, ms`, all)).toBe(2);
  expect(atMost(`latency p50 at ${count}, ms`, "listen")).toBe(10);
});

test("growth is from 1,000 to 10,000 listeners in one server", () => {
  const all = [
    figures(OURS, watched(10_000), { residentMB: 999, cpuPercentPer1000: 9 }),
    figures(OURS, steady(1000, false, 128), { residentMB: 80, cpuPercentPer1000: 2 }),
    figures(OURS, steady(10_000, false, 128), { residentMB: 107, cpuPercentPer1000: 1 }),
  ];
  expect(value("RSS per listener between 1,000 and 10,000, KB", all)).toBe(3);
  expect(value("CPU per listener at 10,000, of that at 1,000", all)).toBe(0.5);
  expect(atMost("RSS per listener between 1,000 and 10,000, KB", "listen")).toBe(8);
  expect(atMost("RSS per listener between 1,000 and 10,000, KB", "source")).toBe(4);
});

test("a crowd of which somebody never had audio missed its time", () => {
  const report = { all_audio_ms: null, heard: 4990, refused: 2, failed: 1 };
  const all = [figures(OURS, crowd(5000), { report })];
  expect(value("5,000 at once: all had audio, ms", all)).toBe(Number.POSITIVE_INFINITY);
  expect(value("5,000 at once: refused", all)).toBe(3);
  expect(value("5,000 at once: without audio", all)).toBe(10);
  expect(targetsTable(all)).toContain("  NO 5,000 at once: all had audio, ms: Infinity");
});

test("of those who read beside the stalled it is told what they lost, and of the stalled what they hold", () => {
  const report = { lost_bytes: 7, closed: 3, latency_p99_ms: 500 };
  const stalled = { report, grownMB: 20, unsentBytes: 117_000 };
  const alone = figures(OURS, steady(1000, false, 128), { report: { latency_p99_ms: 400 } });
  const all = [alone, figures(OURS, halfStalled(2000), stalled)];
  expect(value("half of 2,000 stalled: bytes the others lost", all)).toBe(7);
  expect(value("half of 2,000 stalled: others cut off", all)).toBe(3);
  expect(value("half of 2,000 stalled: latency p99, of that of 1,000 alone", all)).toBe(1.25);
  expect(value("half of 2,000 stalled: RSS a stalled one, KB", all)).toBe(20);
  expect(value("half of 2,000 stalled: most in the kernel, KB", all)).toBe(117);
});

test("the event loop and the status are told of the crowd that was watched", () => {
  const late = { p99: 4, max: 30 };
  const all = [
    figures(OURS, steady(10_000, false, 128), { late: { p99: 90, max: 90 } }),
    figures(OURS, watched(10_000), { late, statusP99Ms: 12 }),
  ];
  expect(value("event loop late at 10,000, p99 ms", all)).toBe(4);
  expect(value("event loop late at 10,000, max ms", all)).toBe(30);
  expect(value("/api/status at 10,000, p99 ms", all)).toBe(12);
});

test("what any listener of one door lost anywhere is summed up, and nothing of another's", () => {
  const lossy = (peer: string) =>
    [100, 1000].map((count) =>
      figures(peer, steady(count, false, 128), { report: { lost_bytes: 5, closed: 1 } }),
    );
  const all = [...lossy(OURS), ...lossy("Icecast 2")];
  expect(value("bytes lost by any listener anywhere", all)).toBe(10);
  expect(value("listeners cut off anywhere that did not stall", all)).toBe(2);
  expect(value("bytes lost by any listener anywhere", all, "listen")).toBeNull();
});

test("what was not measured is neither reached nor missed", () => {
  expect(targetsOf(OURS, []).map((one) => one.value)).not.toContain(0);
  expect(targetsTable([])).not.toMatch(/NO|ok/);
});
