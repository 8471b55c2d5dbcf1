// A master that sends nothing is asked whether its machine is still there, on a simulated clock and simulated connections.
import { beforeEach, expect, test } from "bun:test";
import type { Dial, LineHandler } from "../../../src/dial/dial.ts";
import { StillThere } from "../../../src/input/relay/still-there.ts";

let asked: { readonly handler: LineHandler; isClosed: boolean }[];
let gone: string[];
let stillThere: StillThere;

const dial: Dial = (to, _, handler) => {
  expect(to).toEqual({ host: "master.example", port: 443, isSecure: false });
  const one = { handler, isClosed: false };
  asked.push(one);
  const nothing = () => undefined;
  return {
    write: () => 0,
    pause: nothing,
    resume: nothing,
    descriptor: -1,
    close: () => (one.isClosed = true),
  } as never;
};

beforeEach(() => {
  [asked, gone] = [[], []];
  const master = { host: "master.example", port: 443, isSecure: true };
  stillThere = new StillThere(dial, master, (why) => void gone.push(why));
});

test("a machine that does not answer for two seconds is gone, five seconds after its last audio", () => {
  stillThere.check(0, 2999);
  expect(asked).toHaveLength(0);
  for (let nowMs = 3000; nowMs < 5000; nowMs += 250) stillThere.check(0, nowMs);
  expect([asked.length, gone]).toEqual([1, []]);
  stillThere.check(0, 5000);
  expect(gone).toEqual(["its machine does not answer any more"]);
  expect(asked[0]?.isClosed).toBe(true);
});

test("one that accepts connections is only slow, and is asked again after three seconds", () => {
  for (let nowMs = 3000; nowMs < 10_000; nowMs += 250) {
    stillThere.check(0, nowMs);
    asked.at(-1)?.handler.onOpen();
  }
  expect(asked).toHaveLength(3);
  expect(asked.every(({ isClosed }) => isClosed)).toBe(true);
  expect(gone).toEqual([]);
});

test("audio ends the question", () => {
  stillThere.check(0, 3000);
  stillThere.check(3500, 4000);
  expect(asked[0]?.isClosed).toBe(true);
  stillThere.check(3500, 6000);
  expect([asked.length, gone]).toEqual([1, []]);
});

test("a process that stood still itself reads the answer before it judges", () => {
  stillThere.check(0, 3000);
  stillThere.check(0, 60_000);
  expect(gone).toEqual([]);
  asked[0]?.handler.onOpen();
  stillThere.check(0, 60_250);
  expect(gone).toEqual([]);
});

test("a machine that refuses has lost the connection; a failure of our own says nothing", () => {
  stillThere.check(0, 3000);
  asked[0]?.handler.onClose("it cannot be reached (EMFILE)");
  expect(gone).toEqual([]);
  stillThere.check(0, 6000);
  asked[1]?.handler.onClose("it refuses connections (ECONNREFUSED)");
  expect(gone).toEqual(["it refuses connections (ECONNREFUSED)"]);
});
