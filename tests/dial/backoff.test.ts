// The waits between attempts.
import { expect, test } from "bun:test";
import { Backoff } from "../../src/dial/backoff.ts";

test("an address that fails is tried after 1, 2, 4 .. 30 s, and after 1 s again once it has played", () => {
  const backoff = new Backoff(() => 0.5);
  const waits = Array.from({ length: 7 }, () => backoff.after(0));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(backoff.after(60_000)).toBe(1000);
  expect(backoff.after(5000)).toBe(2000);
});

test("no two relays wait alike, none less than three quarters or more than five", () => {
  expect(new Backoff(() => 0).after(0)).toBe(750);
  expect(new Backoff(() => 0.999_999).after(0)).toBeCloseTo(1250, 1);
});
