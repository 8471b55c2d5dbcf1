// Whether a connection hangs.
import { expect, test } from "bun:test";
import { Quiet } from "../../../src/input/live/quiet.ts";

function heardAt(...times: number[]): Quiet {
  const quiet = new Quiet();
  for (const ms of times) quiet.hear(ms);
  return quiet;
}

test("a connection hangs after two seconds without a byte, but not before its first", () => {
  expect(new Quiet().isLong(60_000)).toBe(false);
  const quiet = heardAt(0, 100, 250);
  expect(quiet.isLong(2249)).toBe(false);
  expect(quiet.isLong(2250)).toBe(true);
});

test("one that sends a page every few seconds hangs after twice its longest pause", () => {
  const quiet = heardAt(0, 6000, 11_000);
  expect(quiet.isLong(22_999)).toBe(false);
  expect(quiet.isLong(23_000)).toBe(true);
});
