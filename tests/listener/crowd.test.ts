// The sums over a mount's listeners agree with looking at every one of them.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { Crowd } from "../../src/listener/crowd.ts";

const member = (address: string, joinedMs = 0) => ({ visitor: { address }, joinedMs });

test("an address counts once, however many listen from it, until the last of them leaves", () => {
  const crowd = new Crowd();
  const [one, other] = [member("10.0.0.1"), member("10.0.0.1")];
  crowd.add(one);
  crowd.add(other);
  expect(crowd.addresses).toBe(1);
  crowd.remove(one);
  expect(crowd.addresses).toBe(1);
  crowd.remove(other);
  expect(crowd.addresses).toBe(0);
});

test("the peak stays when listeners go", () => {
  const crowd = new Crowd();
  const members = [member("a"), member("b")];
  for (const one of members) crowd.add(one);
  for (const one of members) crowd.remove(one);
  expect([crowd.count, crowd.peak]).toEqual([0, 2]);
});

test("where nobody is, nobody has listened for any time", () => {
  expect(new Crowd().averageSeconds(1000)).toBe(0);
});

const coming = fc.record({
  address: fc.constantFrom("a", "b", "c"),
  joinedMs: fc.nat(1_000_000),
  leaves: fc.boolean(),
});

test("whoever comes and goes, the sums are those of the ones who are there", () => {
  fc.assert(
    fc.property(fc.array(coming), (visits) => {
      const crowd = new Crowd();
      const members = visits.map(({ address, joinedMs }) => member(address, joinedMs));
      for (const one of members) crowd.add(one);
      const here = members.filter((_, i) => !visits[i]?.leaves);
      for (const one of members) if (!here.includes(one)) crowd.remove(one);
      const nowMs = 2_000_000;
      const seconds = here.map(({ joinedMs }) => (nowMs - joinedMs) / 1000);
      const mean = seconds.reduce((sum, value) => sum + value, 0) / Math.max(1, here.length);
      expect(crowd.count).toBe(here.length);
      expect(crowd.addresses).toBe(new Set(here.map((one) => one.visitor.address)).size);
      expect(crowd.averageSeconds(nowMs)).toBeCloseTo(mean, 6);
    }),
  );
});
