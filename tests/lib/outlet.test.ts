// An outlet for lines: what is not taken waits in order, within a bound, and what is lost is counted.
import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { MAX_WAITING_BYTES, Outlet, type Print, RETRY_MS } from "../../src/lib/outlet.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A reader that takes so many bytes and no more. */
class Reader {
  text = "";
  calls = 0;
  room = Infinity;
  isBroken = false;
  readonly lost: number[] = [];
  readonly print: Print = (bytes) => {
    this.calls++;
    if (this.isBroken) return -3;
    const taken = bytes.subarray(0, Math.min(bytes.length, this.room));
    this.text += Buffer.from(taken).toString();
    this.room -= taken.length;
    return taken.length;
  };
  readonly outlet = new Outlet(this.print, (lines) => this.lost.push(lines));
}

test("a line goes out at once", () => {
  const reader = new Reader();
  reader.outlet.write("one\n");
  expect(reader.text).toBe("one\n");
});

test("what a full pipe does not take follows in order, from the byte where it was full", () => {
  const reader = new Reader();
  reader.room = 6;
  for (const line of ["one\n", "two\n", "three\n"]) reader.outlet.write(line);
  expect(reader.text).toBe("one\ntw");
  reader.room = Infinity;
  jest.advanceTimersByTime(RETRY_MS);
  expect(reader.text).toBe("one\ntwo\nthree\n");
  expect(reader.lost).toEqual([]);
});

test("lines of a time in which writing fails are written when it works again", () => {
  const reader = new Reader();
  reader.isBroken = true;
  reader.outlet.write("one\n");
  reader.outlet.write("two\n");
  reader.isBroken = false;
  jest.advanceTimersByTime(RETRY_MS);
  expect(reader.text).toBe("one\ntwo\n");
});

test("while nothing is taken it is asked once per period, however many lines come", () => {
  const reader = new Reader();
  reader.room = 0;
  for (let i = 0; i < 1000; i++) reader.outlet.write("line\n");
  expect(reader.calls).toBe(1);
  jest.advanceTimersByTime(10 * RETRY_MS);
  expect(reader.calls).toBe(11);
});

test("lines beyond the bound are lost, counted and reported once", () => {
  const reader = new Reader();
  reader.room = 0;
  const line = `${"x".repeat(1023)}\n`;
  const kept = MAX_WAITING_BYTES / line.length;
  for (let i = 0; i < kept + 5; i++) reader.outlet.write(line);
  reader.room = Infinity;
  expect(reader.lost).toEqual([]);
  jest.advanceTimersByTime(RETRY_MS);
  expect([reader.text.length, reader.lost]).toEqual([MAX_WAITING_BYTES, [5]]);
  reader.outlet.write("after\n");
  expect([reader.text.endsWith("\nafter\n"), reader.lost]).toEqual([true, [5]]);
});
