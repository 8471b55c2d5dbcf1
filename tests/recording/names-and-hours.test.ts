// Where files are cut and what they are called, on the wall clock of any place.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Frames } from "../../src/format/frame.ts";
import { framesBefore } from "../../src/recording/cut.ts";
import { fileName } from "../../src/recording/file-name.ts";
import { localIso, nextHour, type Offset } from "../../src/recording/wall-hours.ts";

const at = (text: string) => Date.parse(text);

/** Central Europe in autumn 2026: summer time ends at 01:00 UTC on 25 October. */
const berlin: Offset = (ms) => (ms < at("2026-10-25T01:00:00Z") ? 120 : 60);
const delhi: Offset = () => 330;
const utc: Offset = () => 0;

test.each([
  ["2026-11-29T10:20:00Z", utc, "2026-11-29T11:00:00Z"],
  ["2026-11-29T10:00:00Z", utc, "2026-11-29T11:00:00Z"],
  ["2026-11-29T10:20:00Z", delhi, "2026-11-29T10:30:00Z"],
  ["2026-10-25T00:30:00Z", berlin, "2026-10-25T01:00:00Z"],
  ["2026-10-25T01:30:00Z", berlin, "2026-10-25T02:00:00Z"],
  ["1969-12-31T23:20:00Z", utc, "1970-01-01T00:00:00Z"],
])("the hour after %s begins when it should", (from, offset, next) => {
  expect(nextHour(at(from), offset)).toBe(at(next));
});

test("a day on which summer time ends has 25 files, each with a name of its own", () => {
  const names = new Set<string>();
  const facts = { mount: "/stream", recording: "shows", show: "", artist: "", title: "" };
  for (let ms = at("2026-10-24T22:00:00Z"); ms < at("2026-10-25T23:00:00Z");) {
    names.add(fileName("", "hour", { ...facts, atMs: ms }, berlin));
    ms = nextHour(ms, berlin);
  }
  expect(names.size).toBe(25);
  expect([...names].filter((name) => name.includes("/02-00-00"))).toEqual([
    "stream/2026-10-25/02-00-00+0200",
    "stream/2026-10-25/02-00-00+0100",
  ]);
  expect(localIso(at("2026-10-25T00:30:00.250Z"), berlin)).toBe("2026-10-25T02:30:00.250+02:00");
  expect(localIso(at("2026-11-29T10:00:00Z"), () => -210)).toBe("2026-11-29T06:30:00.000-03:30");
});

describe("a name", () => {
  const facts = {
    mount: "/a/b",
    recording: "shows",
    show: "Late: Show",
    artist: "AC/DC",
    title: "../../etc/passwd",
    atMs: at("2026-11-29T10:20:05Z"),
  };

  test.each([
    ["%Y/%m/%d/%H%M%S%z", "2026/11/29/102005+0000"],
    ["{mount} {recording} {show}", "a-b shows Late- Show"],
    ["{artist} - {title}", "AC-DC - ..-..-etc-passwd"],
    ["../../{title}", "-..-etc-passwd"],
    [".hidden/{artist}", "hidden/AC-DC"],
    ["{unknown} %q", "{unknown} %q"],
    ["///", "2026-11-29 10-20"],
    ["100%", "100%"],
  ])("by the pattern %p is %p", (pattern, name) => {
    expect(fileName(pattern, "hour", facts, utc)).toBe(name);
  });

  test("never leaves its folder, is never hidden, and is short enough for any file system", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 300 });
    fc.assert(
      fc.property(text, text, text, text, (pattern, show, artist, title) => {
        const path = fileName(pattern, "show", { ...facts, show, artist, title }, utc);
        expect(path).not.toBe("");
        for (const part of path.split("/")) {
          expect(part).not.toMatch(/^\.|[\\:*?"<>|\0]|^$/);
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(200);
        }
      }),
    );
  });
});

test("a batch is cut at its first frame that was on air at or after the moment", () => {
  const micros = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 30 });
  const moment = fc.integer({ min: -3000, max: 3000 });
  fc.assert(
    fc.property(micros, moment, fc.integer({ min: 0, max: 5000 }), (durations, cutMs, sinceMs) => {
      const table = Uint32Array.from(durations.flatMap((one) => [1, one, 1]));
      const seconds = durations.reduce((sum, one) => sum + one, 0) / 1e6;
      const frames = { table, seconds, count: durations.length } as Frames;
      const before = framesBefore(cutMs, frames, -sinceMs, 0);
      if (cutMs > 0) return expect(before).toBe(durations.length);
      const startOf = (index: number) => {
        const passed = durations.slice(0, index).reduce((sum, one) => sum + one / 1000, 0);
        return Math.max(-sinceMs, passed - seconds * 1000);
      };
      for (let i = 0; i < before; i++) expect(startOf(i)).toBeLessThan(cutMs + 1e-6);
      if (before < durations.length) expect(startOf(before)).toBeGreaterThan(cutMs - 1e-6);
    }),
  );
});
