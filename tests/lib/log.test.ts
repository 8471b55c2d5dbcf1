// One line a state change; repeated trouble counted and told once per period.
import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import {
  createLog,
  type Log,
  MAX_OFTEN,
  MAX_REPEATED,
  REPEAT_PERIOD_MS,
  stationLog,
} from "../../src/lib/log.ts";
import { BUDGET_PERIOD_MS, MAX_DEBUG_LINES, MAX_LINES } from "../../src/lib/log-budget.ts";
import { LogOutput } from "../../src/lib/log-output.ts";
import { type Print, RETRY_MS } from "../../src/lib/outlet.ts";

function kept(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { log: createLog((level, text) => void lines.push(`${level} ${text}`)), lines };
}

test("every line has its level, and the names of the mount and the part it is of", () => {
  const { log, lines } = kept();
  log.debug("a");
  log.info("b");
  log.of("/stream").warn("c");
  log.of("/stream").of("listener 7").error("d");
  expect(lines).toEqual(["debug a", "info b", "warn /stream: c", "error /stream: listener 7: d"]);
});

describe("repeated trouble", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("is written at once, then counted, and summed up in one line at the end of the period", () => {
    const { log, lines } = kept();
    for (let i = 0; i < 5; i++) log.repeated("a listener was dropped");
    expect(lines).toEqual(["warn a listener was dropped"]);
    jest.advanceTimersByTime(REPEAT_PERIOD_MS - 1);
    expect(lines.length).toBe(1);
    jest.advanceTimersByTime(1);
    expect(lines.slice(1)).toEqual(["warn a listener was dropped (4 more in 10 s)"]);
  });

  test("that came once is written once, and after the period at once again", () => {
    const { log, lines } = kept();
    log.repeated("trouble");
    jest.advanceTimersByTime(REPEAT_PERIOD_MS);
    expect(lines).toEqual(["warn trouble"]);
    log.repeated("trouble");
    expect(lines).toEqual(["warn trouble", "warn trouble"]);
    jest.advanceTimersByTime(REPEAT_PERIOD_MS);
  });

  test("of two mounts is counted for each", () => {
    const { log, lines } = kept();
    for (const mount of ["/a", "/b", "/a"]) log.of(mount).repeated("trouble");
    jest.advanceTimersByTime(REPEAT_PERIOD_MS);
    expect(lines).toEqual([
      "warn /a: trouble",
      "warn /b: trouble",
      "warn /a: trouble (1 more in 10 s)",
    ]);
  });

  test("of too many kinds is counted as one: many clients cannot flood the log", () => {
    const { log, lines } = kept();
    for (let i = 0; i < MAX_REPEATED + 100; i++) log.repeated(`trouble ${i}`);
    log.repeated("trouble 0");
    expect(lines.length).toBe(MAX_REPEATED + 1);
    expect(lines.at(-1)).toBe("warn more kinds of warnings than fit one by one");
    jest.advanceTimersByTime(REPEAT_PERIOD_MS);
    expect(lines.slice(MAX_REPEATED + 1)).toEqual([
      "warn trouble 0 (1 more in 10 s)",
      "warn more kinds of warnings than fit one by one (99 more in 10 s)",
    ]);
    log.repeated("trouble 300");
    expect(lines.at(-1)).toBe("warn trouble 300");
    jest.advanceTimersByTime(REPEAT_PERIOD_MS);
  });
});

describe("what may happen often", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("is written one by one at first, then counted by its kind", () => {
    const { log, lines } = kept();
    for (let i = 0; i < MAX_OFTEN + 3; i++)
      log.of("/stream").often("a listener left", () => ({ text: `left ${i}` }));
    const told = Array.from({ length: MAX_OFTEN }, (_, i) => `info /stream: left ${i}`);
    expect(lines).toEqual(told);
    jest.advanceTimersByTime(REPEAT_PERIOD_MS);
    expect(lines.slice(MAX_OFTEN)).toEqual(["info /stream: a listener left (3 more in 10 s)"]);
    log.of("/stream").often("a listener left", () => ({ text: "left again" }));
    expect(lines.at(-1)).toBe("info /stream: left again");
    jest.advanceTimersByTime(REPEAT_PERIOD_MS);
    expect(lines.length).toBe(MAX_OFTEN + 2);
  });
});

describe("lines of all kinds together", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("are bounded per period, in the log and in its tail, and those beyond are counted", () => {
    const { log, lines } = kept();
    for (let i = 0; i < MAX_LINES + 7; i++) log.info(`line ${i}`);
    expect([lines.length, log.tail.count]).toEqual([MAX_LINES, MAX_LINES]);
    jest.advanceTimersByTime(BUDGET_PERIOD_MS);
    expect(lines.slice(MAX_LINES)).toEqual(["warn 7 more lines in 10 s were not written"]);
    log.info("as ever");
    expect(lines.at(-1)).toBe("info as ever");
    jest.advanceTimersByTime(BUDGET_PERIOD_MS);
  });

  test("leave room for warnings however many details there are", () => {
    const { log, lines } = kept();
    for (let i = 0; i < 2 * MAX_LINES; i++) log.debug(`detail ${i}`);
    expect(lines.length).toBe(MAX_DEBUG_LINES);
    log.warn("trouble");
    expect(lines.at(-1)).toBe("warn trouble");
    jest.advanceTimersByTime(BUDGET_PERIOD_MS);
  });
});

describe("the running station's log", () => {
  /** What is printed while `body` runs. */
  function written(isVerbose: boolean, body: (log: Log) => void): string {
    let text = "";
    const print: Print = (bytes) => {
      text += Buffer.from(bytes).toString();
      return bytes.length;
    };
    const settings = { format: "text", level: isVerbose ? "debug" : "info" } as const;
    body(stationLog(() => settings, new LogOutput(print)));
    return text;
  }

  test("has a line with time and level for each", () => {
    const text = written(false, (log) => {
      log.info("one");
      log.error("two");
    });
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(text).toMatch(new RegExp(`^${time} info  one\n${time} error two\n$`));
  });

  test("has debug lines only when it is verbose", () => {
    expect(written(false, (log) => log.debug("detail"))).toBe("");
    expect(written(true, (log) => log.debug("detail"))).toEndWith(" debug detail\n");
  });

  test("cuts a line that has no end", () => {
    expect(written(false, (log) => log.info("x".repeat(100_000))).length).toBeLessThan(2100);
  });

  test("shows what a stranger sent as one line that moves no cursor and turns no writing", () => {
    const name = "evil\r\n2026 error forged\x1b[2J\x9b\u2028\u202e\x7f € ü";
    const text = written(false, (log) => log.info(name));
    expect(text).toEndWith(" info  evil??2026 error forged?[2J???? € ü\n");
  });

  test("says how many lines were lost once it can be written again", () => {
    jest.useFakeTimers();
    let isFull = true;
    let text = "";
    const print: Print = (bytes) => {
      if (isFull) return -1;
      text += Buffer.from(bytes).toString();
      return bytes.length;
    };
    const output = new LogOutput(print, (lost) => log.warn(`${lost} lines were lost`));
    const log = stationLog(() => ({ format: "text", level: "info" }), output);
    const count = 200;
    for (let i = 0; i < count; i++) log.info("x".repeat(2000));
    isFull = false;
    jest.advanceTimersByTime(RETRY_MS);
    jest.useRealTimers();
    const lines = text.trimEnd().split("\n");
    const lost = count - (lines.length - 1);
    expect(lost).toBeGreaterThan(0);
    expect(lines.at(-1)).toEndWith(` ${lost} lines were lost`);
  });
});
