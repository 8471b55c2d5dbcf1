// How a source's audio stands to the clock: when it is ahead, and when none comes.
import { describe, expect, test } from "bun:test";
import { Lead } from "../../../src/mount/lead.ts";
import { Pace } from "../../../src/input/live/pace.ts";

describe("a source", () => {
  test("is ahead when it has sent more than ten seconds that are still to be played", () => {
    const pace = new Pace(new Lead(), 1000);
    pace.sound(10, 0, 1000);
    expect(pace.isAhead(1000)).toBe(false);
    pace.sound(1, 0, 1000);
    expect([pace.isAhead(1000), pace.isAhead(1900), pace.isAhead(2000)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("may make up for any stall of ten seconds, however often it stalls", () => {
    const pace = new Pace(new Lead(), 0);
    for (let nowMs = 10_000; nowMs < 3_600_000; nowMs += 10_000) {
      pace.sound(10, 0, nowMs);
      expect(pace.isAhead(nowMs)).toBe(false);
    }
  });

  test("has saved nothing by having been silent", () => {
    const pace = new Pace(new Lead(), 0);
    pace.sound(11, 0, 60_000);
    expect(pace.isAhead(60_000)).toBe(true);
  });

  test("whose clock is 300 ppm fast is never ahead", () => {
    const pace = new Pace(new Lead(), 0);
    pace.sound(4, 0, 0);
    for (let nowMs = 0; nowMs < 100 * 3_600_000; nowMs += 5000) {
      pace.sound(5 * 1.0003, 0, nowMs);
      if (pace.isAhead(nowMs)) expect.unreachable(`it is ahead after ${nowMs} ms`);
    }
  });
});

describe("without audio", () => {
  test("a source that sends garbage has the timeout, from its login or its last frame on", () => {
    const pace = new Pace(new Lead(), 0);
    expect([pace.isSoundless(9999, 5, 10_000), pace.isSoundless(10_000, 5, 10_000)]).toEqual([
      false,
      true,
    ]);
    pace.sound(0.1, 5, 10_000);
    expect(pace.isSoundless(19_999, 6, 10_000)).toBe(false);
    expect(pace.isSoundless(20_000, 6, 10_000)).toBe(true);
  });

  test("one whose bytes may still become a frame has a minute", () => {
    const pace = new Pace(new Lead(), 0);
    pace.sound(15, 7, 0);
    expect(pace.isSoundless(59_999, 7, 10_000)).toBe(false);
    expect(pace.isSoundless(60_000, 7, 10_000)).toBe(true);
    expect(pace.isSoundless(60_000, 7, 90_000)).toBe(false);
  });

  test("one that is made to wait is not missed", () => {
    const pace = new Pace(new Lead(), 0);
    pace.wait(50_000);
    expect(pace.isSoundless(59_999, 1, 10_000)).toBe(false);
  });
});
