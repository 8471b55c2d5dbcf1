// The sums over a mount's listeners agree with looking at every one of them.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { ListenerCounts } from "../../../src/output/audience/listener-counts.ts";

const member = (address: string, joinedMs = 0) => ({ client: { address }, joinedMs });

test("an address counts once, however many listen from it, until the last of them leaves", () => {
  const counts = new ListenerCounts();
  const [one, other] = [member("10.0.0.1"), member("10.0.0.1")];
  counts.add(one);
  counts.add(other);
  expect(counts.addresses).toBe(1);
  counts.remove(one);
  expect(counts.addresses).toBe(1);
  counts.remove(other);
  expect(counts.addresses).toBe(0);
});

test("the peak stays when listeners go", () => {
  const counts = new ListenerCounts();
  const members = [member("a"), member("b")];
  for (const one of members) counts.add(one);
  for (const one of members) counts.remove(one);
  expect([counts.count, counts.peak]).toEqual([0, 2]);
});

test("where nobody is, nobody has listened for any time", () => {
  expect(new ListenerCounts().averageSeconds(1000)).toBe(0);
});

const coming = fc.record({
  address: fc.constantFrom("a", "b", "c"),
  joinedMs: fc.nat(1_000_000),
  leaves: fc.boolean(),
});

test("however listeners come and go, the sums are those of the present ones", () => {
  fc.assert(
    fc.property(fc.array(coming), (visits) => {
      const counts = new ListenerCounts();
      const members = visits.map(({ address, joinedMs }) => member(address, joinedMs));
      for (const one of members) counts.add(one);
      const here = members.filter((_, i) => !visits[i]?.leaves);
      for (const one of members) if (!here.includes(one)) counts.remove(one);
      const nowMs = 2_000_000;
      const seconds = here.map(({ joinedMs }) => (nowMs - joinedMs) / 1000);
      const mean = seconds.reduce((sum, value) => sum + value, 0) / Math.max(1, here.length);
      expect(counts.count).toBe(here.length);
      expect(counts.addresses).toBe(new Set(here.map((one) => one.client.address)).size);
      expect(counts.averageSeconds(nowMs)).toBeCloseTo(mean, 6);
    }),
  );
});
