// What was on air from which second on.
import { expect, test } from "bun:test";
import { Timeline } from "../../src/mount/timeline.ts";

const airing = (fromSeconds: number, title: string, showName = "") => ({
  fromSeconds,
  kind: "live" as const,
  showName,
  seconds: null,
  metadata: { artist: "", title },
  file: null,
});

test("an airing holds from its second to that of the next", () => {
  const timeline = new Timeline();
  timeline.add(airing(0, "a"));
  timeline.add(airing(10, "b"));
  expect([0, 9.99, 10, 99].map((at) => timeline.at(at)?.metadata.title)).toEqual([
    "a",
    "a",
    "b",
    "b",
  ]);
  expect(timeline.at(-1)).toBeUndefined();
});

test("a repeat is none, a change at the same second replaces, another show of the same title is new", () => {
  const timeline = new Timeline();
  timeline.add(airing(0, "a"));
  expect(timeline.add(airing(5, "a"))).toBeNull();
  timeline.add(airing(8, "b"));
  timeline.add(airing(8, "c"));
  expect(timeline.add(airing(8, "c"))).toBeNull();
  timeline.add(airing(9, "c", "Ada"));
  expect(
    timeline.airings.map(({ fromSeconds, metadata }) => `${fromSeconds}${metadata.title}`),
  ).toEqual(["0a", "8c", "9c"]);
});

test("the oldest of a flood are forgotten, and the oldest still known holds for them", () => {
  const timeline = new Timeline();
  for (let at = 0; at < 1000; at++) timeline.add(airing(at, String(at)));
  expect(timeline.airings.length).toBe(256);
  expect(timeline.at(999)?.metadata.title).toBe("999");
  expect(timeline.at(0)?.metadata.title).toBe("744");
});
