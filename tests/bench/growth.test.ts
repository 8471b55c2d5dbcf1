// What the curves say of measured figures, and how they are told as tables.
import { expect, test } from "bun:test";
import { figures } from "./example-figures.ts";
import { growthPanels } from "./growth.ts";
import type { Figures } from "./fan-out.ts";
import { crowd, halfStalled, steady, watched } from "./scenarios.ts";
import { curveTable } from "./table.ts";

function panel(title: RegExp, all: readonly Figures[]) {
  const found = growthPanels({
    idle: null,
    library: null,
    figures: all,
    mounts: [],
    hls: null,
    history: null,
    handover: null,
    node: [],
  }).find((one) => title.test(one.title));
  return found ?? { title: "none", across: "", curves: [] };
}

function costs(listeners: number, bitrate: number, cpuSecondsPerGB: number, icy = false): Figures {
  return figures("a", steady(listeners, icy, bitrate), { cpuSecondsPerGB });
}

test("cost over bitrate is that of the crowd measured at the most of them, without titles", () => {
  const all = [
    costs(100, 128, 9),
    costs(100, 320, 9),
    costs(4000, 320, 1),
    costs(4000, 32, 3),
    costs(4000, 128, 2),
    costs(4000, 128, 9, true),
  ];
  const { title, curves } = panel(/listeners$/, all);
  expect(title).toBe("CPU seconds per GB, 4,000 listeners");
  const points = [[32, 3] as const, [128, 2] as const, [320, 1] as const];
  expect(curves).toEqual([{ name: "a", points }]);
});

test("of crowds measured at as many bitrates the largest is drawn, and one bitrate is no curve", () => {
  const both = [costs(100, 128, 9), costs(100, 320, 9), costs(1000, 128, 2), costs(1000, 320, 1)];
  expect(panel(/listeners$/, both).title).toBe("CPU seconds per GB, 1,000 listeners");
  expect(panel(/listeners$/, [costs(100, 128, 9)]).curves).toEqual([]);
});

test("titles are drawn as what they add to the same crowd's cost on the same server", () => {
  const other = figures("b", steady(100, false, 128), { cpuSecondsPerGB: 40 });
  const all = [
    costs(100, 128, 2),
    other,
    costs(100, 128, 3, true),
    costs(1000, 128, 4),
    costs(1000, 128, 3, true),
    costs(1000, 320, 9, true),
    costs(4000, 128, 9, true),
  ];
  expect(panel(/^titles/, all).curves).toEqual([
    { name: "a", points: [[100, 50] as const, [1000, -25] as const] },
  ]);
});

test("a crowd that was not served, came at once, stalled or was watched is in no curve", () => {
  const unserved = figures("a", steady(100, false, 128), { report: { heard: 94 } });
  const others = [crowd(100), halfStalled(100), watched(100)].map((one) => figures("a", one));
  const drawn = growthPanels({
    idle: null,
    library: null,
    figures: [unserved, ...others],
    mounts: [],
    hls: null,
    history: null,
    handover: null,
    node: [],
  });
  expect(drawn.flatMap(({ curves }) => curves.flatMap(({ points }) => points))).toEqual([]);
});

test("a curve's table has a column for each place, and a dash where a server has no point", () => {
  const curves = [
    { name: "a", points: [[10, 0.12345] as const, [100, 1234.5] as const] },
    { name: "b", points: [[100, 2] as const] },
  ];
  expect(curveTable({ title: "cost", across: "listeners", curves })).toBe(
    [
      "cost",
      "| listeners | 10    | 100  |",
      "| ---       | ---   | ---  |",
      "| a         | 0.123 | 1230 |",
      "| b         | –     | 2    |",
      "",
    ].join("\n"),
  );
});
