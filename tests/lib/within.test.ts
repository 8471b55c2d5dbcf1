// Waits with limits, by promises that never settle.
import { expect, test } from "bun:test";
import { within, withinInTurn } from "../../src/lib/within.ts";

const never = new Promise<never>(() => undefined);
const LONG_MS = 1_000_000_000;

test("a promise that does not settle is waited for until its limit", async () => {
  expect(await within(1, never)).toBeNull();
  expect(await within(LONG_MS, Promise.resolve("here"))).toBe("here");
});

test("a disk without an answer to the first request is not waited for by the second", async () => {
  await withinInTurn({ ms: 1, promise: never }, { ms: LONG_MS, promise: never });
});

test("a disk that answers has the time of the second request", async () => {
  const second = Promise.withResolvers<string>();
  const ends: string[] = [];
  const first = { ms: LONG_MS, promise: Promise.resolve() };
  const both = withinInTurn(first, { ms: LONG_MS, promise: second.promise }).then(() =>
    ends.push("both"),
  );
  await Bun.sleep(0);
  expect(ends).toEqual([]);
  second.resolve("read");
  await both;
});
