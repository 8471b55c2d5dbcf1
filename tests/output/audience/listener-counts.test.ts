// The sums over a mount's listeners agree with looking at every one of them.
import { expect, test } from "bun:test";
import fc from "fast-check";
import { ListenerCounts } from "../../../src/output/audience/listener-counts.ts";

const member = (address: string, joinedMs = 0) => ({ client: { address }, joinedMs });

test("an address counts once, however many listen from it, until the last of them leaves", () => {
  const counts = new ListenerCounts();
  const [one, other] = [member("10.0.0.1"), member("10.0.0.1")];
  counts.add(one, 0);
  counts.add(other, 0);
  expect(counts.addresses).toBe(1);
  counts.remove(one, 0);
  expect(counts.addresses).toBe(1);
  counts.remove(other, 0);
  expect(counts.addresses).toBe(0);
});

test("the peak stays when listeners go", () => {
  const counts = new ListenerCounts();
  const members = [member("a"), member("b")];
  for (const one of members) counts.add(one, 0);
  for (const one of members) counts.remove(one, 0);
  expect([counts.count, counts.peak]).toEqual([0, 2]);
});

test("an address is full by its own listeners, an IPv6 network by all of its addresses", () => {
  const counts = new ListenerCounts();
  const six = [member("2001:db8:0:1::1"), member("2001:db8:0:1:2::2"), member("2001:db8:0:2::1")];
  const all = [member("10.0.0.1"), member("10.0.0.1"), ...six];
  for (const one of all) counts.add(one, 0);
  const isFull = (address: string, limit = 2) => counts.isFullFor({ address }, limit);
  expect([isFull("10.0.0.1"), isFull("10.0.0.1", 3), isFull("10.0.0.2")]).toEqual([
    true,
    false,
    false,
  ]);
  expect([isFull("2001:db8:0:1::9"), isFull("2001:db8:0:2::9")]).toEqual([true, false]);
  expect(isFull("10.0.0.1", 0)).toBe(false);
  for (const one of all) counts.remove(one, 0);
  expect([isFull("10.0.0.1"), isFull("2001:db8:0:1::9")]).toEqual([false, false]);
});

test("a proxy on this machine that is not trusted has no limit, any other client has", () => {
  const counts = new ListenerCounts();
  const [here, there] = ["127.0.0.1", "10.0.0.1"];
  for (const address of [here, there]) counts.add(member(address), 0);
  const isFull = (address: string, isForwarded: boolean) =>
    counts.isFullFor({ address, isForwarded }, 1);
  expect([isFull(here, true), isFull(here, false), isFull(there, true)]).toEqual([
    false,
    true,
    true,
  ]);
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
      for (const one of members) counts.add(one, 0);
      const here = members.filter((_, i) => !visits[i]?.leaves);
      for (const one of members) if (!here.includes(one)) counts.remove(one, 0);
      const nowMs = 2_000_000;
      const seconds = here.map(({ joinedMs }) => (nowMs - joinedMs) / 1000);
      const mean = seconds.reduce((sum, value) => sum + value, 0) / Math.max(1, here.length);
      expect(counts.count).toBe(here.length);
      expect(counts.addresses).toBe(new Set(here.map((one) => one.client.address)).size);
      expect(counts.averageSeconds(nowMs)).toBeCloseTo(mean, 6);
    }),
  );
});

test("listening time is summed over all listeners, and never decreases", () => {
  const step = fc.record({ ms: fc.nat(10_000), comes: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const counts = new ListenerCounts();
      const here: ReturnType<typeof member>[] = [];
      let [nowMs, listenedMs] = [1000, 0];
      for (const { ms, comes } of steps) {
        nowMs += ms;
        listenedMs += ms * here.length;
        expect(counts.listenerSeconds(nowMs)).toBeCloseTo(listenedMs / 1000, 6);
        const one = comes ? member("a", nowMs) : here.pop();
        if (one === undefined) continue;
        if (comes) here.push(one);
        if (comes) counts.add(one, nowMs);
        else counts.remove(one, nowMs);
      }
    }),
  );
});

test("a listener counts for the port that it came by, as long as it is here", () => {
  const counts = new ListenerCounts();
  const one = { client: { address: "a", door: "listen" as const }, joinedMs: 0 };
  counts.add(one, 0);
  expect(counts.doors).toEqual({ source: 0, listen: 1, tls: 0, hls: 0 });
  counts.remove(one, 0);
  expect(counts.doors).toEqual({ source: 0, listen: 0, tls: 0, hls: 0 });
});
