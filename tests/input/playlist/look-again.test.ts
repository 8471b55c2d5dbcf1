// When a playlist without anything to play looks again.
import { expect, test } from "bun:test";
import { lookAgainMs } from "../../../src/input/playlist/look-again.ts";

test("an empty playlist looks every second for half a minute, then every five, and hardly under a live source", () => {
  expect([0, 29, 30, 1000].map((looks) => lookAgainMs(looks, false))).toEqual([
    1000, 1000, 5000, 5000,
  ]);
  expect(lookAgainMs(0, true)).toBe(30_000);
});
