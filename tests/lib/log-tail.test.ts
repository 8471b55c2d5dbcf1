// The last lines of the log: a bounded number, each with its number, as the log tells them.
import { expect, test } from "bun:test";
import { createLog } from "../../src/lib/log.ts";
import { KEPT_LINES, LogTail } from "../../src/lib/log-tail.ts";

function numbers(lines: readonly { readonly number: number }[]): number[] {
  return lines.map(({ number }) => number);
}

function tailOf(count: number): LogTail {
  const tail = new LogTail();
  for (let i = 1; i <= count; i++) tail.keep({ time: "", level: "info", text: `line ${i}` });
  return tail;
}

test("the newest lines are kept, the oldest of them first", () => {
  const tail = tailOf(KEPT_LINES + 7);
  expect(tail.count).toBe(KEPT_LINES + 7);
  expect(tail.last(10_000)).toHaveLength(KEPT_LINES);
  expect(tail.last(3).map(({ text }) => text)).toEqual(["line 2005", "line 2006", "line 2007"]);
  expect(tail.last(0)).toEqual([]);
  expect(numbers(tail.last(10_000)).at(0)).toBe(8);
});

test("the lines since a number are returned, as far as they are kept", () => {
  expect(numbers(tailOf(5).since(3, 100))).toEqual([4, 5]);
  expect(numbers(tailOf(5).since(0, 2))).toEqual([4, 5]);
  expect(tailOf(5).since(5, 100)).toEqual([]);
  expect(numbers(tailOf(KEPT_LINES + 1).since(0, 10_000))).toHaveLength(KEPT_LINES);
});

test("a line without end is cut", () => {
  const tail = new LogTail();
  tail.keep({ time: "", level: "info", text: "x".repeat(100_000) });
  expect(tail.last(1)[0]?.text).toHaveLength(2000);
});

test("every part of a log writes to its one tail, and no line of a level that is left out", () => {
  const log = createLog(
    () => undefined,
    (level) => level !== "debug",
  );
  log.of("/stream").info("one\u001b[2J");
  log.of("/stream").debug("two");
  log.warn("three");
  const lines = log.tail.last(10).map(({ number, level, text }) => `${number} ${level} ${text}`);
  expect(lines).toEqual(["1 info /stream: one?[2J", "2 warn three"]);
  expect(log.tail.last(1)[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test("lines are found by their level and by words, the newest of them", () => {
  const tail = new LogTail();
  for (const [level, text] of [
    ["debug", "listener 1 joined"],
    ["warn", "a disk is slow"],
    ["info", "Anna signed in"],
    ["error", "the disk is full"],
  ] as const)
    tail.keep({ time: "", level, text });
  const found = (level: "debug" | "info" | "warn", search = "", count = 100) =>
    numbers(tail.matching({ level, search }, count));
  expect(found("debug")).toEqual([1, 2, 3, 4]);
  expect(found("warn")).toEqual([2, 4]);
  expect(found("info", "ANNA  in")).toEqual([3]);
  expect(found("debug", "disk", 1)).toEqual([4]);
  expect(found("info", "joined")).toEqual([]);
});
