// Whether a source that is connected may be heard: stalls, returns, and flapping until it is steady.
import { describe, expect, test } from "bun:test";
import { Presence } from "../../../src/input/live/presence.ts";
import type { TestMount } from "../../support/config.ts";
import { Stage } from "../stage.ts";

const ANNA = { address: "192.0.2.1", user: "anna" };

function staged(given: TestMount = {}) {
  const stage = new Stage({ sourceGrace: 5, sourceSteady: 10, burstSeconds: 8, ...given });
  const connect = (client: { address: string; user?: string } = ANNA) =>
    new Presence(stage.mount, client, "the source");
  return { stage, connect, [Symbol.dispose]: () => stage[Symbol.dispose]() };
}

/** It sends audio and is on air from then on. */
function begin(presence: Presence, nowMs: number, seconds = 1): void {
  presence.arrive(nowMs);
  presence.change(true, nowMs);
  presence.lead.add(seconds * 1000, nowMs);
}

describe("a source that stops sending audio, but stays connected,", () => {
  test("is absent once its listeners have lived on their reserve, and present at its next frame", () => {
    using it = staged();
    const source = it.connect();
    begin(source, 0);
    source.tick(4999);
    expect(source.isAbsent).toBe(false);
    expect(source.pauseMs(4999)).toBe(1);
    source.tick(5000);
    expect([source.isAbsent, source.held]).toEqual([true, "no audio"]);
    source.change(false, 5001);
    source.arrive(9000);
    expect([source.isAbsent, source.held, source.isReturning]).toEqual([false, null, true]);
  });

  test("has not returned, but begun anew, after its grace", () => {
    using it = staged();
    const source = it.connect();
    begin(source, 0);
    source.tick(6000);
    source.arrive(11_001);
    expect(source.isReturning).toBe(false);
  });

  test("is given two seconds even by a mount whose listeners have no reserve", () => {
    using it = staged({ burstSeconds: 0 });
    const source = it.connect();
    begin(source, 0);
    source.tick(2999);
    expect(source.isAbsent).toBe(false);
    source.tick(3000);
    expect(source.isAbsent).toBe(true);
  });

  test("keeps the air without a grace", () => {
    using it = staged({ sourceGrace: 0 });
    const source = it.connect();
    begin(source, 0);
    source.tick(600_000);
    expect(source.isAbsent).toBe(false);
  });

  test("was not late while it was not on air, nor is it by what another source sent", () => {
    using it = staged();
    const source = it.connect();
    source.arrive(0);
    source.change(false, 0);
    for (let ms = 0; ms < 60_000; ms += 1000) {
      source.lead.add(1000, ms);
      source.tick(ms);
    }
    source.change(true, 60_000);
    source.tick(63_999);
    expect(source.isAbsent).toBe(false);
    expect(it.stage.mount.lead.ms(60_000)).toBe(0);
  });
});

describe("a source that dropped", () => {
  test("returns within its grace, wherever it connects from", () => {
    using it = staged();
    const first = it.connect();
    begin(first, 0);
    first.drop(1000);
    for (const [client, atMs, isReturning] of [
      [{ address: "198.51.100.9", user: "anna" }, 6000, true],
      [ANNA, 6001, false],
      [{ address: ANNA.address }, 2000, false],
    ] as const) {
      const next = it.connect(client);
      next.arrive(atMs);
      expect(next.isReturning).toBe(isReturning);
    }
  });

  test("three times is held until it has been steady, and counts as returning then", () => {
    using it = staged();
    for (const ms of [0, 10_000, 20_000]) {
      const source = it.connect();
      begin(source, ms);
      expect(source.isFlapping).toBe(false);
      source.drop(ms + 1000);
    }
    const source = it.connect();
    source.arrive(22_000);
    expect([source.isFlapping, source.held, source.isReturning]).toEqual([true, "flapping", true]);
    expect(it.stage.told("keeps dropping: it is heard again after 10 s")).toHaveLength(1);
    source.lead.add(10_000, 22_000);
    source.tick(31_999);
    expect(source.isFlapping).toBe(true);
    source.tick(32_000);
    expect([source.isFlapping, source.isReturning]).toEqual([false, true]);
    expect(it.stage.told("has been steady for 10 s")).toHaveLength(1);
  });

  test("again while it is held is held again, and one that stalls has to be steady anew", () => {
    using it = staged();
    for (const ms of [0, 10_000, 20_000]) {
      const source = it.connect();
      begin(source, ms);
      source.drop(ms + 1000);
    }
    const held = it.connect();
    held.arrive(22_000);
    held.drop(23_000);
    const source = it.connect();
    source.arrive(24_000);
    source.lead.add(1000, 24_000);
    source.tick(29_001);
    expect(source.held).toBe("no audio");
    source.arrive(30_000);
    source.lead.add(20_000, 30_000);
    source.tick(39_999);
    expect(source.held).toBe("flapping");
    source.tick(40_000);
    expect(source.held).toBeNull();
  });

  test("is not held without source_steady", () => {
    using it = staged({ sourceSteady: 0 });
    for (let ms = 0; ms < 10_000; ms += 1000) {
      const source = it.connect();
      begin(source, ms);
      expect(source.isFlapping).toBe(false);
      source.drop(ms + 500);
    }
  });

  test("counts no drop that nobody could hear", () => {
    using it = staged();
    for (const ms of [0, 1000, 2000, 3000]) {
      const source = it.connect();
      source.arrive(ms);
      expect(source.isFlapping).toBe(false);
      source.drop(ms + 500);
    }
  });
});
