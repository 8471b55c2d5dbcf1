// The channels of the page: mounts of one group are one, and what a search finds.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { channelsOf, currentMount, matches } from "./pure-scripts.ts";

const mount = (path: string, group = "") => ({ mount: path, group });

test("mounts of one group are a channel where the first of them stands, others are one each", () => {
  const [a, b, c, d] = [mount("/a"), mount("/b", "main"), mount("/c"), mount("/d", "main")];
  const channels = channelsOf([a, b, c, d]).map(({ mounts }) => mounts);
  expect(channels).toEqual([[a], [b, d], [c]]);
});

test("a group that is called like a mount is another channel", () => {
  expect(channelsOf([mount("/a"), mount("/b", "/a")])).toHaveLength(2);
});

test("each mount is in one channel, whatever groups there are", () => {
  const mounts = fc.array(fc.tuple(fc.string(), fc.constantFrom("", "main", "/0", "talk")));
  fc.assert(
    fc.property(mounts, (given) => {
      const all = given.map(([, group], at) => mount(`/${at}`, group));
      const grouped = channelsOf(all).flatMap((channel) => channel.mounts);
      expect(new Set(grouped)).toEqual(new Set(all));
      expect(grouped).toHaveLength(all.length);
    }),
  );
});

test("the chosen mount is current while it is there, else the first", () => {
  const mounts = [mount("/a", "main"), mount("/b", "main"), mount("/c")];
  expect(currentMount({ mounts }, "/b").mount).toBe("/b");
  expect(currentMount({ mounts }, "/gone").mount).toBe("/a");
  expect(currentMount({ mounts }, "").mount).toBe("/a");
});

test.each([
  ["", true],
  ["  ", true],
  ["jazz", true],
  ["JAZZ harb", true],
  ["cafe", true],
  ["café lund", true],
  ["jazz techno", false],
])("a search for %p finds the channel: %p", (query, isFound) => {
  expect(matches(query, ["Harbour Café", "Jazz", "Mira Lund"])).toBe(isFound);
});
