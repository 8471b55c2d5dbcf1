// What the page knows of recordings.
import { expect, test } from "bun:test";
import { gapsBetween } from "./pure-scripts.ts";

test("what neither recordings nor the station's memory hold are gaps of the bar", () => {
  const within = { from: -100, to: 900 };
  const recorded = [
    { from: -200, to: 100 },
    { from: 300, to: 400 },
    { from: 350, to: 500 },
  ];
  expect(gapsBetween(recorded, within, 300)).toEqual([
    { from: 100, to: 300 },
    { from: 500, to: 600 },
  ]);
  expect(gapsBetween(recorded, within, 400)).toEqual([{ from: 100, to: 300 }]);
  expect(gapsBetween([], within, 300)).toEqual([{ from: -100, to: 600 }]);
  expect(gapsBetween([{ from: -100, to: 900 }], within, 10)).toEqual([]);
});
