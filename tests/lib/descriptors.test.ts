// What the system lets this process have, and when it is nearly used up.
import { expect, test } from "bun:test";
import { closeSync, openSync } from "node:fs";
import { descriptorLimit, Descriptors } from "../../src/lib/descriptors.ts";
import { requireLinux } from "../support/programs.ts";

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max core file size        0                    unlimited            bytes
Max open files            1024                 524288               files
`;

test("the limit is the soft one, and none if it is unknown or not set", () => {
  expect(descriptorLimit(LIMITS)).toBe(1024);
  expect(descriptorLimit(LIMITS.replace("1024     ", "unlimited"))).toBe(Infinity);
  expect(descriptorLimit("")).toBe(Infinity);
});

test.skipIf(!requireLinux("the descriptor limit"))("of this process it is known", () => {
  expect(descriptorLimit()).toBeGreaterThan(16);
});

test("they are short when only the spare ones are free, until some come back", () => {
  const next = () => {
    const file = openSync("/dev/null", "r");
    closeSync(file);
    return file;
  };
  const limit = next() + 43;
  const descriptors = new Descriptors(limit);
  const areShort = () => descriptors.areShort;
  const files: number[] = [];
  while (!areShort()) files.push(openSync("/dev/null", "r"));
  expect(Math.max(...files)).toBeLessThan(limit - 40);
  expect(next()).toBeGreaterThanOrEqual(limit - 40);
  closeSync(files.pop() ?? -1);
  expect(areShort()).toBe(false);
  for (const file of files) closeSync(file);
});

test("places are what is left of the limit, and without one there is no end of them", () => {
  expect([1024, 64, 20].map((limit) => new Descriptors(limit).places)).toEqual([960, 0, 0]);
  const endless = new Descriptors(Infinity);
  expect(endless.places).toBe(Infinity);
  expect(endless.areShort).toBe(false);
});
