// A line of the log, as people and as programs read it.
import { expect, test } from "bun:test";
import { type LogEntry, logLine } from "../../src/lib/log-line.ts";

const TIME = "2026-08-01T10:00:00.000Z";

function entry(more: Partial<LogEntry>): LogEntry {
  return { time: TIME, level: "info", names: [], message: "a line", fields: {}, ...more };
}

test("text has time, level and names, and no fields", () => {
  const about = { names: ["/stream", "listener 7"], fields: { address: "192.0.2.1" } };
  expect(logLine(entry(about), "text")).toBe(`${TIME} info  /stream: listener 7: a line`);
});

test("JSON has the same, with mount, part and fields apart", () => {
  const json = (more: Partial<LogEntry>) => JSON.parse(logLine(entry(more), "json"));
  const line = { ts: TIME, level: "info", msg: "a line" };
  expect(json({})).toEqual(line);
  expect(json({ names: ["/stream"] })).toEqual({ ...line, mount: "/stream" });
  expect(json({ names: ["converter"] })).toEqual({ ...line, part: "converter" });
  const fields = { address: "192.0.2.1", user_agent: "BUTT", bytes: 7 };
  expect(json({ names: ["/stream", "a", "b"], fields })).toEqual({
    ...line,
    mount: "/stream",
    part: "a: b",
    ...fields,
  });
});

test("whatever a stranger sends is one line, bounded, and no other field", () => {
  const evil = `x"}\r\n{"level":"error"}\x1b[2J\u2028${"y".repeat(100_000)}`;
  const line = logLine(entry({ message: evil, fields: { user_agent: evil } }), "json");
  expect(line).not.toMatch(/[\r\n\u2028\x1b]/);
  expect(line.length).toBeLessThan(5000);
  expect(Object.keys(JSON.parse(line))).toEqual(["ts", "level", "msg", "user_agent"]);
});
