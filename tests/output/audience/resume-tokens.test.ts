// Tokens say what was signed, and nothing else is one.
import fc from "fast-check";
import { describe, expect, test } from "bun:test";
import { Positions } from "../../../src/mount/positions.ts";
import { ResumeTokens } from "../../../src/output/audience/resume-tokens.ts";

const beginning = fc.record({
  number: fc.nat(2 ** 31),
  position: fc.maxSafeNat().map((position) => position % 2 ** 48),
  leadBytes: fc.nat(300_000),
  replacedBytes: fc.nat(300_000),
});

const START = { number: 7, position: 1234, leadBytes: 0, replacedBytes: 0 };

test("a token has what was written", () => {
  const positions = new Positions();
  const tokens = new ResumeTokens(positions);
  fc.assert(
    fc.property(beginning, (written) => {
      const token = tokens.write(written);
      expect(token).toMatch(/^[\w-]{60}$/);
      expect(tokens.read(token)).toMatchObject({ beginning: written, run: positions.run });
    }),
  );
});

test("one with any bit changed is none", () => {
  const tokens = new ResumeTokens(new Positions());
  const token = tokens.write(START);
  const bytes = Buffer.from(token, "base64url");
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const forged = Buffer.from(bytes);
    forged[bit >> 3]! ^= 1 << (bit & 7);
    expect(tokens.read(forged.toString("base64url"))).toBeNull();
  }
});

test("another mount's, or another run's, is none, nor is any other text", () => {
  const token = new ResumeTokens(new Positions()).write(START);
  const tokens = new ResumeTokens(new Positions());
  expect(tokens.read(token)).toBeNull();
  fc.assert(fc.property(fc.string(), (text) => expect(tokens.read(text)).toBeNull()));
});

describe("in a cluster", () => {
  const key = Buffer.alloc(32, 7);
  const origin = new Positions();

  test("one of an edge says the place in the origin's ring, and is read by all", () => {
    const positions = new Positions();
    positions.follow(1000, 2000, { run: origin.run, position: 51_000 }, 1000);
    const token = new ResumeTokens(positions, () => key).write(START);
    const read = new ResumeTokens(new Positions(), () => key).read(token);
    expect(read).toEqual({
      beginning: START,
      run: positions.run,
      shared: { run: origin.run, position: 50_234 },
    });
  });

  test("one of another cluster, or of a server outside, is none", () => {
    const token = new ResumeTokens(origin, () => key).write(START);
    expect(new ResumeTokens(origin, () => Buffer.alloc(32, 8)).read(token)).toBeNull();
    expect(new ResumeTokens(origin).read(token)).toBeNull();
  });

  test("one from before the secret was set still counts at its own server", () => {
    let secret: Buffer | null = null;
    const tokens = new ResumeTokens(origin, () => secret);
    const token = tokens.write(START);
    secret = key;
    expect(tokens.read(token)?.beginning).toEqual(START);
  });
});
