// What counts as an address in the texts that the history keeps.
import { expect, test } from "bun:test";
import { withoutAddresses } from "../../src/history/address-free.ts";

test.each([
  ["from 192.0.2.7.", "from …."],
  ["192.0.2.7:8000 and [2001:db8::1]:80", "…:8000 and […]:80"],
  ["(::1), ::ffff:192.0.2.7", "(…), …"],
])("%s is kept as %s", (text, kept) => {
  expect(withoutAddresses(text)).toBe(kept);
});

test.each([
  ["Chrome/120.0.0.0 Safari/537.36"],
  ["at 10:04:05, in 1:30"],
  ["version 1.2.3, 999.1.1.1"],
  ["Artist: Title"],
  ["ratio 1:2"],
])("%s has none", (text) => {
  expect(withoutAddresses(text)).toBe(text);
});
