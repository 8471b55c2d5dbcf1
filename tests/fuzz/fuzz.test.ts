// Some hundred damaged inputs for each parser and dialogue, the same in every run; `make fuzz` tries new ones.
import { describe, expect, test } from "bun:test";
import { Chance, damaged, pieces } from "./chance.ts";
import { Finding, targets, tryInputs } from "./fuzz.ts";
import { hold } from "./target.ts";

const INPUTS = 400;

describe("damaged input", () => {
  for (const target of targets)
    test(`of ${target.name} is read in bounds, and the same however it is cut`, () =>
      tryInputs(target, 1, 1 + INPUTS));
});

describe("the fuzzer", () => {
  const seeds = [Buffer.from("a right input")];

  test("gives the same input for the same seed", () => {
    const made = [1, 1, 2].map((seed) => Buffer.from(damaged(seeds[0]!, new Chance(seed))));
    expect(made[0]).toEqual(made[1]!);
    expect(made[0]).not.toEqual(made[2]!);
  });

  test("cuts an input without losing a byte", () => {
    const input = Uint8Array.from({ length: 3000 }, (_, i) => i);
    for (let seed = 1; seed < 50; seed++)
      expect(Buffer.concat([...pieces(input, new Chance(seed))]).equals(input)).toBe(true);
  });

  test("names the target and the input that does not hold", async () => {
    const check = (bytes: Uint8Array) => hold(bytes.length === 13, "another length");
    const finding = await tryInputs({ name: "strict", seeds, check }, 1, 200).catch((e) => e);
    expect(finding).toBeInstanceOf(Finding);
    expect(finding.message).toMatch(/^strict, input \d+: Error: another length$/);
    expect(finding.input.length).not.toBe(13);
  });
});
