// What a node bears is told with what it was to bear.
import { expect, test } from "bun:test";
import { type NodeFigures, WHOLE_NODE } from "./node.ts";
import { missedBy, nodeTable } from "./node-table.ts";
import { lagBetween, waitsOf } from "./waits.ts";

const waits = (p99: number) => ({ p50: 1, p99, max: 50 });

const NONE = { refused: 0, refused_status: 0, failed: 0, closed: 0, waiting: 0, silent: 0 };

const FINE: NodeFigures = {
  door: "listen port",
  size: { ...WHOLE_NODE, listeners: 19_400, joins: 2000, seconds: 60 },
  calmPercent: 16,
  cpuPercent: 60,
  residentMB: 200,
  joined: 119_800,
  left: 119_900,
  join: waits(20),
  status: waits(14),
  loop: waits(9.5),
  unserved: NONE,
  lostBytes: 0,
  load: [0.5, 1.5],
};

test("a node that bears it is told so, and one that does not with what it misses", () => {
  expect(nodeTable([FINE])).toContain("listen port, load 0.5 to 1.5: ok");
  expect(nodeTable([FINE])).toContain("19400");
  const unserved = { ...NONE, refused: 2, refused_status: 503, waiting: 1, silent: 4 };
  const bad = { ...FINE, loop: waits(11), status: waits(16), joined: 90_000, unserved };
  expect(missedBy(bad)).toEqual([
    "loop late p99 at most 10 ms",
    "status p99 at most 15 ms",
    "2000 joins a second",
    "everybody served (2 refused with 503, 1 still waiting, 4 without audio)",
  ]);
  expect(nodeTable([{ ...FINE, lostBytes: 1 }])).toContain("NO: no byte lost");
});

test("of waits the middle, the 99th of a hundred and the longest are told; of none nothing", () => {
  const all = Array.from({ length: 101 }, (_, i) => 100 - i);
  expect(waitsOf(all)).toEqual({ p50: 50, p99: 99, max: 100 });
  expect(waitsOf([])).toEqual({ p50: 0, p99: 0, max: 0 });
});

test("how late the loop was between two looks lies in its bucket in proportion", () => {
  const before = new Map([
    [0.001, 1000],
    [0.01, 1000],
    [Infinity, 1001],
  ]);
  const after = new Map([
    [0.001, 1050],
    [0.01, 1100],
    [Infinity, 1101],
  ]);
  expect(lagBetween(before, after, 0.25)).toBeCloseTo(0.5);
  expect(lagBetween(before, after, 0.5)).toBeCloseTo(1);
  expect(lagBetween(before, after, 0.75)).toBeCloseTo(5.5);
  expect(lagBetween(before, before, 0.99)).toBe(0);
});
