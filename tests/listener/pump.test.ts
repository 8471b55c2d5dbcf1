// The pump: what it does in a turn, how long it sleeps, and how it is known to turn.
import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { Audience } from "../../src/listener/audience.ts";
import { WakingClock } from "../../src/lib/clock.ts";
import { Lead } from "../../src/mount/lead.ts";
import { Pump } from "../../src/listener/pump.ts";
import { ManualClock } from "./fake-sink.ts";

const SLEEP = { chunkSize: 8192, sleepHigh: 0.01, sleepMedium: 0.02, sleepLow: 0.04 };

/** An audience whose ticks use what the test says, round by round; what it was asked goes to `calls`. */
function fakeAudience(
  name: string,
  shares: readonly number[],
  calls: string[],
  count = 1,
  pauseMs = count === 0 ? Number.POSITIVE_INFINITY : 0,
): Audience {
  let round = 0;
  const tick = (nowMs: number): number => {
    calls.push(`${name} ticks ${nowMs}`);
    return shares[round++] ?? 0;
  };
  const advance = (nowMs: number): void => {
    calls.push(`${name} advances ${nowMs}`);
    round = 0;
  };
  const tune = (stretch: number, sends: number) => calls.push(`${name} tuned ${stretch} ${sends}`);
  return { mount: { advance }, tick, tune, count, pauseMs } as unknown as Audience;
}

function pumpOf(shares: readonly number[], calls: string[] = []): Pump {
  return new Pump([fakeAudience("a", shares, calls)], SLEEP, new ManualClock());
}

describe("a turn", () => {
  test("advances a mount before it sends what is due, one mount after the other", () => {
    const calls: string[] = [];
    const audiences = [fakeAudience("a", [], calls), fakeAudience("b", [], calls)];
    new Pump(audiences, SLEEP, new ManualClock()).tick(7);
    expect(calls).toEqual(["a advances 7", "a ticks 7", "b advances 7", "b ticks 7"]);
  });

  test("ticks again until nothing more is due", () => {
    const calls: string[] = [];
    pumpOf([1, 0.3], calls).tick(0);
    expect(calls.filter((call) => call.includes("ticks")).length).toBe(3);
  });

  test("leaves the event loop its turn, however much is due", () => {
    const calls: string[] = [];
    pumpOf([1, 1, 1, 1, 1, 1, 1, 1], calls).tick(0);
    expect(calls.filter((call) => call.includes("ticks")).length).toBe(4);
  });

  test("says how full the fullest send buffer of all its ticks was", () => {
    const calls: string[] = [];
    const audiences = [
      fakeAudience("a", [0.2], calls),
      fakeAudience("b", [1, 0.7], calls),
      fakeAudience("c", [0.4], calls),
    ];
    expect(new Pump(audiences, SLEEP, new ManualClock()).tick(0)).toBe(1);
    expect(pumpOf([]).tick(0)).toBe(0);
  });
});

describe("the sleep", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test.each([
    [1, 10],
    [0.81, 10],
    [0.8, 20],
    [0.5, 20],
    [0.49, 40],
    [0, 40],
  ])("after a turn that used %d of its events is %d ms", (share, sleepMs) => {
    const calls: string[] = [];
    const pump = pumpOf([share], calls);
    const turns = () => calls.filter((call) => call.includes("advances")).length;
    pump.start();
    expect(turns()).toBe(1);
    jest.advanceTimersByTime(sleepMs - 1);
    expect(turns()).toBe(1);
    jest.advanceTimersByTime(1);
    expect(turns()).toBe(2);
    jest.advanceTimersByTime(sleepMs);
    expect(turns()).toBe(3);
    pump.stop();
    jest.advanceTimersByTime(1000);
    expect(turns()).toBe(3);
  });

  test.each([
    [Number.POSITIVE_INFINITY, 100],
    [62.5, 63],
    [39, 40],
    [0, 40],
  ])("when nothing is due in any mount for %d ms is %d ms", (pauseMs, sleepMs) => {
    const calls: string[] = [];
    const audiences = [fakeAudience("a", [], calls, 0), fakeAudience("b", [], calls, 1, pauseMs)];
    const pump = new Pump(audiences, SLEEP, new ManualClock());
    const turns = () => calls.filter((call) => call.includes("a advances")).length;
    pump.start();
    jest.advanceTimersByTime(sleepMs - 1);
    expect(turns()).toBe(1);
    jest.advanceTimersByTime(1);
    expect(turns()).toBe(2);
    pump.stop();
  });
});

describe("a pump that is short of time", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("lets sends grow once sending takes most of a second", () => {
    const calls: string[] = [];
    const clock = new ManualClock();
    const busy = fakeAudience("a", [], calls);
    const pump = new Pump([busy], SLEEP, clock);
    // Each turn takes 90 ms and is followed by a pause of 40.
    busy.mount.advance = () => void (clock.now += 90);
    pump.start();
    for (let turn = 0; turn < 8; turn++) {
      clock.now += 40;
      jest.advanceTimersByTime(40);
    }
    pump.stop();
    const stretches = calls.filter((call) => call.includes("tuned")).map((call) => call[8]);
    expect(stretches).toEqual(["1", "2"]);
  });

  test("shares the sends of the station among its mounts by their listeners, once a second", () => {
    const calls: string[] = [];
    const clock = new ManualClock();
    const [many, few, none] = [
      fakeAudience("a", [], calls, 300),
      fakeAudience("b", [], calls, 100),
      fakeAudience("c", [], calls, 0),
    ];
    const pump = new Pump([many, few, none], SLEEP, clock);
    pump.start();
    for (let turn = 0; turn < 30; turn++) {
      clock.now += 40;
      jest.advanceTimersByTime(40);
    }
    pump.stop();
    const once = ["a tuned 1 1500", "b tuned 1 500", "c tuned 1 2000"];
    expect(calls.filter((call) => call.includes("tuned"))).toEqual([...once, ...once]);
  });

  test("knows how late it was", () => {
    const clock = new ManualClock();
    const pump = new Pump([], SLEEP, clock);
    pump.start();
    clock.now += 100 + 25;
    jest.advanceTimersByTime(100);
    pump.stop();
    expect(pump.lateness.maxMs).toBeCloseTo(25, 1);
  });
});

describe("after a freeze of the process", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("a turn is at the time that was left, the mounts know, and it is told", () => {
    const real = new ManualClock();
    const calls: string[] = [];
    const lead = new Lead();
    const audience = fakeAudience("a", [], calls);
    Object.assign(audience.mount, { lead });
    const pump = new Pump([audience], SLEEP, new WakingClock(real));
    const told: number[] = [];
    pump.onAbsence = (seconds) => told.push(seconds);
    pump.start();
    real.now = 14_000;
    jest.advanceTimersByTime(40);
    pump.stop();
    expect(calls).toContain("a advances 2000");
    expect(told).toEqual([12]);
    lead.add(12_000, 2000);
    expect(lead.ms(2000)).toBe(0);
    expect(pump.lateness.maxMs).toBeGreaterThan(13_000);
  });
});

describe("isTurning", () => {
  test("is false when a pump has stopped, though the station's clock stands still without it", () => {
    const real = new ManualClock();
    const pump = new Pump([], SLEEP, new WakingClock(real));
    pump.tick(0);
    real.now = 5000;
    expect(pump.isTurning).toBe(false);
  });

  test("is false before the first turn and 5 s after the last", () => {
    const clock = new ManualClock();
    const pump = new Pump([], SLEEP, clock);
    expect(pump.isTurning).toBe(false);
    clock.now = 100;
    pump.tick(100);
    expect(pump.isTurning).toBe(true);
    clock.now = 5099;
    expect(pump.isTurning).toBe(true);
    clock.now = 5100;
    expect(pump.isTurning).toBe(false);
    pump.tick(5100);
    expect(pump.isTurning).toBe(true);
  });
});
