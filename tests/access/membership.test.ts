// Proofs of a cluster's secret.
import { expect, test } from "bun:test";
import { Membership } from "../../src/access/membership.ts";
import { Secret } from "../../src/lib/secret.ts";

let nowMs = 1_800_000_000_000;
const wall = { nowMs: () => nowMs };
const member = (secret: string) => new Membership(() => new Secret(secret), wall);

const proofOf = (of: Membership, target: string) => of.lines(target)[0]?.split(": ")[1];

test("a proof counts for its path, whatever the query and the spelling", () => {
  const proof = proofOf(member("a"), "/str%65am?x=1");
  expect(member("a").isProven(proof, "/stream?resume=t")).toBe(true);
  expect(member("a").isProven(proof, "/other")).toBe(false);
});

test("it does not name the secret, and counts for two minutes", () => {
  const proof = proofOf(member("geheim"), "/stream");
  expect(proof).not.toContain("geheim");
  nowMs += 121_000;
  expect(member("geheim").isProven(proof, "/stream")).toBe(false);
  nowMs -= 242_000;
  expect(member("geheim").isProven(proof, "/stream")).toBe(false);
  nowMs += 121_000;
  expect(member("geheim").isProven(proof, "/stream")).toBe(true);
});

test("another secret proves nothing, and without one nothing is proven or sent", () => {
  const proof = proofOf(member("a"), "/stream");
  expect(member("b").isProven(proof, "/stream")).toBe(false);
  expect(member("").isProven(proof, "/stream")).toBe(false);
  expect(member("").lines("/stream")).toEqual([]);
  expect(member("").key("resume")).toBeNull();
});

test.each([null, undefined, "", "x", `1.${"a".repeat(16)}.${"b".repeat(43)}`])(
  "%s proves nothing",
  (header) => {
    expect(member("a").isProven(header, "/stream")).toBe(false);
  },
);
