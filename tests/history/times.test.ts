// Hours and days where clocks change.
import { afterAll, describe, expect, test } from "bun:test";
import { Meter } from "../../src/history/meter.ts";
import { dayOf, HOUR_MS, hourOf, nextDay } from "../../src/history/times.ts";

const zone = process.env["TZ"];

afterAll(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

/** Clocks there go from 3:00 back to 2:00 at 1:00 UTC. */
const BERLIN_BACK = Date.UTC(2026, 9, 25, 1);

describe("an hour", () => {
  test("that comes twice as clocks go back is two hours", () => {
    process.env["TZ"] = "Europe/Berlin";
    expect(new Date(BERLIN_BACK).getHours()).toBe(2);
    expect(hourOf(BERLIN_BACK - 1)).toBe(BERLIN_BACK - HOUR_MS);
    expect(hourOf(BERLIN_BACK)).toBe(BERLIN_BACK);
    expect(hourOf(BERLIN_BACK + 1_800_001)).toBe(BERLIN_BACK);
  });

  test.each(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Havana"])(
    "in %s holds every time of the year that is in it",
    (place) => {
      process.env["TZ"] = place;
      for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 1_000_000) {
        const passed = ms - hourOf(ms);
        if (passed < 0 || passed >= HOUR_MS) throw new Error(`${new Date(ms).toISOString()}`);
      }
    },
  );

  test("that comes twice is counted on a station without listeners, and then with one", () => {
    process.env["TZ"] = "Europe/Berlin";
    const meter = new Meter(BERLIN_BACK - HOUR_MS);
    meter.advance(BERLIN_BACK + 60_000);
    meter.begin(["one"], BERLIN_BACK + 60_000, true);
    meter.end(["one"], BERLIN_BACK + 90_000, 0);
    expect(meter.take()).toMatchObject([{ atMs: BERLIN_BACK, seconds: 30, sessions: 1 }]);
  });
});

test("a clock that is set ahead by years makes nobody listen for years", () => {
  const meter = new Meter(0);
  meter.begin(["one"], 0, true);
  meter.advance(60_000);
  const setMs = Date.UTC(2026, 0, 1, 12);
  meter.advance(setMs);
  meter.advance(setMs + 30_000);
  meter.end(["one"], setMs + 40_000, setMs / 1000);
  expect(meter.take().map(({ atMs, seconds, sessions }) => [atMs, seconds, sessions])).toEqual([
    [0, 60, 1],
    [setMs, 40, 0],
  ]);
});

describe("a day", () => {
  test("ends at midnight even if clocks skip the midnight at which it began", () => {
    process.env["TZ"] = "Africa/Cairo";
    const day = dayOf(Date.UTC(2026, 3, 24, 12));
    expect(new Date(day).getHours()).toBe(1);
    expect(new Date(nextDay(day)).getHours()).toBe(0);
    expect(nextDay(day) - day).toBe(23 * HOUR_MS);
  });
});
