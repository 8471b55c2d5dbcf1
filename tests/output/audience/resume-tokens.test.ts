// Tokens say what was signed, and nothing else is one.
import fc from "fast-check";
import { expect, test } from "bun:test";
import { ResumeTokens } from "../../../src/output/audience/resume-tokens.ts";

const beginning = fc.record({
  number: fc.nat(2 ** 31),
  position: fc.maxSafeNat().map((position) => position % 2 ** 48),
  leadBytes: fc.nat(300_000),
  replacedBytes: fc.nat(300_000),
});

test("a token has what was written", () => {
  const tokens = new ResumeTokens();
  fc.assert(
    fc.property(beginning, (written) => {
      const token = tokens.write(written);
      expect(token).toMatch(/^[\w-]{60}$/);
      expect(tokens.read(token)).toEqual(written);
    }),
  );
});

test("one with any bit changed is none", () => {
  const tokens = new ResumeTokens();
  const token = tokens.write({ number: 7, position: 1234, leadBytes: 0, replacedBytes: 0 });
  const bytes = Buffer.from(token, "base64url");
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const forged = Buffer.from(bytes);
    forged[bit >> 3]! ^= 1 << (bit & 7);
    expect(tokens.read(forged.toString("base64url"))).toBeNull();
  }
});

test("another mount's, or another run's, is none, nor is any other text", () => {
  const token = new ResumeTokens().write({
    number: 1,
    position: 0,
    leadBytes: 0,
    replacedBytes: 0,
  });
  const tokens = new ResumeTokens();
  expect(tokens.read(token)).toBeNull();
  fc.assert(fc.property(fc.string(), (text) => expect(tokens.read(text)).toBeNull()));
});
