// Where the latest listeners stopped.
import { expect, test } from "bun:test";
import { Departures } from "../../../src/output/audience/departures.ts";

test("the last note of each counts, and the earliest of very many are forgotten", () => {
  const departures = new Departures();
  expect(departures.of(1)).toBeUndefined();
  departures.note(1, { position: 10, isWhole: true });
  departures.note(1, { position: 20, isWhole: false });
  expect(departures.of(1)).toEqual({ position: 20, isWhole: false });
  for (let number = 2; number <= 4097; number++)
    departures.note(number, { position: number, isWhole: true });
  expect(departures.of(1)).toBeUndefined();
  expect(departures.of(2)?.position).toBe(2);
});
