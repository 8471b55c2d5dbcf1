// How many bytes of a stream are read at once.
import { expect, test } from "bun:test";
import { Gathering } from "../../../src/input/relay/gathering.ts";

test("a steady stream is read in two frames' time, and what is left of it as soon as nothing more comes", () => {
  const set: number[] = [];
  const gathering = new Gathering(0, (bytes) => set.push(bytes));
  let received = 50_000;
  for (let seconds = 0; seconds < 10; seconds++)
    gathering.check((received += 16_000), 128, seconds * 1000);
  expect(set).toEqual([]);
  gathering.check((received += 16_000), 128, 10_000);
  gathering.check((received += 16_000), 128, 11_000);
  expect(set).toEqual([880]);
  gathering.check((received += 16_000), 320, 12_000);
  gathering.check(received, 320, 13_000);
  gathering.check(received, 320, 14_000);
  expect(set).toEqual([880, 2200, 1]);
  gathering.check((received += 1), 320, 15_000);
  gathering.check((received += 1), 0, 16_000);
  expect(set).toEqual([880, 2200, 1, 2200, 1]);
});
