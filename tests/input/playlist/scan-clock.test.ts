// How long a scan still takes, and what the log says of it.
import { expect, test } from "bun:test";
import { createLog } from "../../../src/lib/log.ts";
import { NO_PROGRESS } from "../../../src/library/state.ts";
import { ScanClock } from "../../../src/input/playlist/scan-clock.ts";

function scan() {
  const lines: string[] = [];
  const clock = { ms: 0, nowMs: () => clock.ms };
  const made = new ScanClock(
    createLog((level, text) => void lines.push(`${level} ${text}`)),
    clock,
  );
  const follow = (ms: number, measured: number, files = 1000) => {
    clock.ms = ms;
    made.follow({ ...NO_PROGRESS, files, measured, seconds: measured * 180 });
    return made.progress.secondsLeft;
  };
  return { follow, lines };
}

test("the time left follows from what was done since the scan began", () => {
  const { follow } = scan();
  expect(follow(0, 0)).toBeNull();
  expect(follow(1000, 100)).toBe(9);
  expect(follow(4000, 800)).toBe(1);
  expect(follow(5000, 1000)).toBe(0);
});

test("files that are added later are a scan of their own", () => {
  const { follow } = scan();
  follow(0, 0);
  follow(1000, 1000);
  expect(follow(100_000, 1000, 1100)).toBeNull();
  expect(follow(101_000, 1050, 1100)).toBe(1);
});

test("a long scan is logged every ten seconds and at its end, a short one not at all", () => {
  const { follow, lines } = scan();
  follow(0, 0);
  follow(5000, 1000);
  expect(lines).toEqual([]);
  follow(20_000, 1000, 3000);
  for (let ms = 21_000; ms <= 40_000; ms += 1000) follow(ms, 1000 + (ms - 20_000) / 20, 3000);
  follow(60_000, 3000, 3000);
  expect(lines).toEqual([
    "info reading the music: 1500 of 3000 files, about 30 s left",
    "info reading the music: 2000 of 3000 files, about 20 s left",
    "info the music is read: 3000 files, 150 hours",
  ]);
});
