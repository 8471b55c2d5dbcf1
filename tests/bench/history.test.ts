// Pairs of runs with and without a history are told by the ratio of each, with its spread.
import { expect, test } from "bun:test";
import { medianOf, ratiosOf } from "./history.ts";
import { historyTable } from "./table.ts";

const pair = (without: number, kept: number) => ({ without, kept });

test("the middle ratio is told with the smallest and the largest, and whether it is what is aimed at", () => {
  const pairs = [pair(10, 10.1), pair(20, 22), pair(10, 9.5), pair(10, 10.3)];
  expect(ratiosOf({ pairs })).toEqual([0.95, 1.01, 1.03, 1.1]);
  expect(medianOf(ratiosOf({ pairs }))).toBeCloseTo(1.02);
  const figures = { listeners: 4000, joinsPerSecond: 50, pairs, load: [1, 2] } as const;
  expect(historyTable(figures)).toContain("ratio 1.020 (0.950 .. 1.100), at most 1.02");
  const few = { ...figures, pairs: pairs.slice(0, 1) };
  expect(historyTable(few)).toContain("; ok: ratio 1.010 (1.010 .. 1.010)");
  const costly = { ...figures, pairs: pairs.slice(1, 2) };
  expect(historyTable(costly)).toContain("; NO: ratio 1.100");
});
