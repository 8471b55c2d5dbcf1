// The pump: what it does in a turn, how long it sleeps, and how it is known to turn.
import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { Audience } from "../../src/output/audience/audience.ts";
import { WakingClock } from "../../src/lib/clock.ts";
import { Rounds } from "../../src/lib/rounds.ts";
import { Lead } from "../../src/mount/lead.ts";
import { Pump } from "../../src/output/pump.ts";
import { until } from "../support/station.ts";
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
  const tune = (stretch: number, sends: number, isAtOnce: boolean) =>
    calls.push(`${name} tuned ${stretch} ${sends} ${isAtOnce ? "at once" : "spread"}`);
  const onDue = () => undefined;
  return { mount: { advance }, tick, tune, count, pauseMs, onDue } as unknown as Audience;
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
    [Number.POSITIVE_INFINITY, 1000],
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

test("housekeeping is done in turns, and a turn comes when it asks for one", () => {
  jest.useFakeTimers();
  const clock = new ManualClock();
  const rounds = new Rounds();
  const kept: number[] = [];
  rounds.add((nowMs) => (kept.push(nowMs), 250));
  const calls: string[] = [];
  const pump = new Pump([fakeAudience("a", [], calls, 0)], SLEEP, clock, rounds);
  pump.start();
  clock.now = 250;
  jest.advanceTimersByTime(249);
  expect(kept).toEqual([0]);
  jest.advanceTimersByTime(1);
  expect(kept).toEqual([0, 250]);
  pump.stop();
  jest.useRealTimers();
});

/** A pump that has started, its clock and what it does; the loop's next turn comes when a test calls loop(). */
function started(audiences: (calls: string[]) => Audience[]) {
  const calls: string[] = [];
  const clock = new ManualClock();
  const all = audiences(calls);
  const pump = new Pump(all, SLEEP, clock);
  pump.start();
  const ticks = () => calls.splice(0).filter((call) => call.includes("ticks"));
  ticks();
  const loop = () => new Promise<void>((resolve) => void setImmediate(resolve));
  return { pump, clock, all, calls, ticks, loop };
}

describe("with few listeners what is written", () => {
  test("is sent in the same turn of the event loop, once however often it was written, to its mount alone", async () => {
    const { pump, clock, all, ticks, loop } = started((calls) => [
      fakeAudience("a", [], calls, 10, Number.POSITIVE_INFINITY),
      fakeAudience("b", [], calls, 10, Number.POSITIVE_INFINITY),
    ]);
    clock.now = 50;
    for (let write = 0; write < 3; write++) all[0]?.onDue();
    expect(ticks()).toEqual([]);
    await loop();
    expect(ticks()).toEqual(["a ticks 50"]);
    await loop();
    expect(ticks()).toEqual([]);
    all[1]?.onDue();
    await loop();
    expect(ticks()).toEqual(["b ticks 50"]);
    pump.stop();
  });

  test("gives no turn to itself when a turn has written it, nor to a pump that has stopped", async () => {
    const { pump, all, ticks, loop } = started((calls) => [fakeAudience("a", [], calls, 10, 1000)]);
    const [a] = all;
    a!.mount.advance = () => a!.onDue();
    a?.onDue();
    await loop();
    await loop();
    expect(ticks()).toEqual(["a ticks 0"]);
    a?.onDue();
    pump.stop();
    a?.onDue();
    await loop();
    expect(ticks()).toEqual([]);
  });

  test("is sent when the budget has room for it, sooner than the timer was set to", async () => {
    const audience = fakeAudience("a", [], [], 10, Number.POSITIVE_INFINITY);
    let ticks = 0;
    Object.assign(audience, { tick: () => (ticks++, 0) });
    const { pump, all, loop } = started(() => [audience]);
    Object.assign(audience, { pauseMs: 15 });
    ticks = 0;
    all[0]?.onDue();
    await loop();
    expect(ticks).toBe(1);
    await until("the timer comes", () => ticks > 1);
    pump.stop();
  });
});

describe("listeners are spread", () => {
  const states = (counts: readonly number[], ...audiences: Audience[]) => {
    const told: string[] = [];
    const [first] = audiences;
    const pump = new Pump(audiences, SLEEP, new ManualClock());
    first!.tune = (_, __, isAtOnce) => void told.push(isAtOnce ? "at once" : "spread");
    for (const count of counts) {
      Object.assign(first!, { count });
      pump.start();
      pump.stop();
    }
    return told;
  };

  test("from 600 of the station on, and until 500 are left", () => {
    const a = fakeAudience("a", [], []);
    // Told when it changes, and once at the beginning.
    expect(states([10, 599, 600, 501, 500, 599], a)).toEqual(["at once", "spread", "at once"]);
  });

  test("as those of all mounts together are so many", () => {
    const [a, b] = [fakeAudience("a", [], []), fakeAudience("b", [], [], 400)];
    expect(states([10, 200, 100], a, b)).toEqual(["at once", "spread", "at once"]);
  });

  test("and then a write gives nobody a turn", async () => {
    const { pump, all, ticks, loop } = started((calls) => [fakeAudience("a", [], calls, 1000, 40)]);
    all[0]?.onDue();
    await loop();
    expect(ticks()).toEqual([]);
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
    const once = ["a tuned 1 4500 at once", "b tuned 1 1500 at once", "c tuned 1 6000 at once"];
    expect(calls.filter((call) => call.includes("tuned"))).toEqual([...once, ...once]);
  });

  test("knows how late it was", () => {
    const clock = new ManualClock();
    const pump = new Pump([], SLEEP, clock);
    pump.start();
    clock.now += 1000 + 25;
    jest.advanceTimersByTime(1000);
    pump.stop();
    expect(pump.lateness.maxMs).toBeCloseTo(25, 1);
  });
});

describe("after a freeze of the process", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test("a turn continues at the time that was left, the mounts know, and it is logged", () => {
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
