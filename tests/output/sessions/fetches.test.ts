// How many HLS listeners an address may have: ids are free, so beyond a few there must be audio for each.
import { expect, test } from "bun:test";
import { Fetches } from "../../../src/output/sessions/fetches.ts";

test("a few need no proof; each further one needs a segment of the last two periods", () => {
  const fetches = new Fetches(1000);
  expect(fetches.most("192.0.2.1", 0)).toBe(4);
  for (let i = 0; i < 10; i++) fetches.note("192.0.2.1", 500);
  expect(fetches.most("192.0.2.1", 900)).toBe(14);
  expect(fetches.most("192.0.2.1", 1900)).toBe(14);
  expect(fetches.most("192.0.2.1", 2100)).toBe(4);
  expect(fetches.most("192.0.2.2", 900)).toBe(4);
});

test("an IPv6 network is one address", () => {
  const fetches = new Fetches(1000);
  fetches.note("2001:db8::1", 0);
  fetches.note("2001:db8::2", 0);
  expect([fetches.most("2001:db8::3", 0), fetches.most("2001:db8:1::1", 0)]).toEqual([6, 4]);
});

test("what was long ago is forgotten", () => {
  const fetches = new Fetches(1000);
  fetches.note("192.0.2.1", 0);
  fetches.note("192.0.2.2", 5000);
  fetches.trim(5000);
  expect([fetches.most("192.0.2.1", 5000), fetches.most("192.0.2.2", 5000)]).toEqual([4, 5]);
});
