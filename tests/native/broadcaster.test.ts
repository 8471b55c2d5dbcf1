// The broadcaster through FFI: who joins, leaves, moves and is known, and what it refuses.
import { describe, expect, test } from "bun:test";
import { Broadcaster } from "../../src/native/broadcaster.ts";
import { Ring } from "../../src/native/ring.ts";
import { Stage } from "./ears.ts";
import { audio, feed } from "./known-audio.ts";

/** Small enough that a few never fill a ring. */
const FRAME = { length: 512 };

describe("joining and leaving", () => {
  test("a listener joins burst seconds behind the head and takes its burst at once", () => {
    using stage = new Stage({ bytes: 1 << 20 });
    feed(stage.ring, 300, { length: 400, ms: 50 });
    const listener = stage.join(5);
    stage.takeAll(listener);
    expect(stage.ears.of(listener).bytes.equals(audio(200 * 400, 100 * 400))).toBe(true);
  });

  test("a long burst comes in sends of at most 64 KiB that end with a frame", () => {
    using stage = new Stage({ bytes: 1 << 20 });
    feed(stage.ring, 300, { length: 1000 });
    const listener = stage.join(3600);
    stage.takeAll(listener);
    const { sends, bytes } = stage.ears.of(listener);
    expect(sends.map(({ length }) => length)).toEqual([65_000, 65_000, 65_000, 65_000, 40_000]);
    expect(bytes.equals(audio(0, 300_000))).toBe(true);
  });

  test("when every place is taken the next listener is refused, until one leaves", () => {
    using stage = new Stage({ maxListeners: 2 });
    const [first] = [stage.join(), stage.join()];
    expect(stage.broadcaster.join(0, 0, 0)).toBeNull();
    stage.broadcaster.leave(first);
    expect(stage.broadcaster.join(0, 0, 0)).not.toBeNull();
    expect(stage.broadcaster.join(0, 0, 0)).toBeNull();
  });

  test("a handle of one who left does not reach who came after", () => {
    using stage = new Stage({ maxListeners: 1 });
    const gone = stage.join();
    stage.broadcaster.leave(gone);
    const here = stage.join();
    expect(here).not.toBe(gone);
    stage.broadcaster.leave(gone);
    stage.broadcaster.blocked(gone, true, 0);
    expect(stage.broadcaster.take(gone, 0, stage.ears)).toBe(0);
    expect(stage.broadcaster.inspect(gone)).toBeNull();
    feed(stage.ring, 1, FRAME);
    stage.tick();
    expect(stage.ears.of(here).bytes.equals(audio(0, 512))).toBe(true);
  });

  test("to leave during delivery is safe for those who stay", () => {
    using stage = new Stage({ maxListeners: 6 });
    const listeners = Array.from({ length: 6 }, () => stage.join());
    feed(stage.ring, 1, FRAME);
    const heard: number[] = [];
    stage.broadcaster.tick(0, {
      onSend: (listener) => {
        heard.push(listener);
        for (const other of listeners) if (other !== heard[0]) stage.broadcaster.leave(other);
      },
      onLagged: () => expect.unreachable(),
      onStalled: () => expect.unreachable(),
    });
    expect(heard.toSorted()).toEqual(listeners.toSorted());
    feed(stage.ring, 1, FRAME);
    expect(stage.tick()).toBe(1);
    expect(stage.ears.of(heard[0]!).bytes.equals(audio(512, 512))).toBe(true);
  });

  test("a burst that is no number of seconds is the caller's mistake", () => {
    using stage = new Stage();
    for (const burst of [-1, Number.NaN]) {
      expect(() => stage.broadcaster.join(burst, 0, 0)).toThrow(RangeError);
    }
  });
});

describe("what is known of a listener", () => {
  test("inspect says where it stands, what it was sent and how long it has been blocked", () => {
    using stage = new Stage();
    const listener = stage.join(0, 500);
    feed(stage.ring, 1, { length: 1000, ms: 100 });
    stage.tick();
    feed(stage.ring, 2, { length: 1000, ms: 100 });
    stage.broadcaster.blocked(listener, true, 50);
    stage.tick(75);
    const state = stage.broadcaster.inspect(listener);
    expect(state).toEqual({
      cursor: 1000,
      lagSeconds: 0.2,
      delaySeconds: 0,
      sentBytes: 1001,
      isBlocked: true,
      blockedMs: 25,
    });
    stage.broadcaster.leave(listener);
    expect(stage.broadcaster.inspect(listener)).toBeNull();
  });
});

describe("moving", () => {
  test("a listener moves to the head of another ring and its counts go on", () => {
    using from = new Stage();
    using to = new Stage();
    feed(to.ring, 2, FRAME);
    const listener = from.join();
    feed(from.ring, 1, FRAME);
    from.tick();
    const moved = from.broadcaster.move(listener, to.broadcaster, 0)!;
    expect(from.broadcaster.inspect(listener)).toBeNull();
    feed(to.ring, 1, FRAME);
    to.tick();
    expect(to.ears.of(moved).bytes.equals(audio(1024, 512))).toBe(true);
    expect(to.broadcaster.inspect(moved)?.sentBytes).toBe(1024);
  });

  test("to a full broadcaster nobody moves: it stays where it was", () => {
    using from = new Stage();
    using to = new Stage({ maxListeners: 1 });
    to.join();
    const listener = from.join();
    expect(from.broadcaster.move(listener, to.broadcaster, 0)).toBeNull();
    feed(from.ring, 1, FRAME);
    from.tick();
    expect(from.ears.of(listener).bytes.equals(audio(0, 512))).toBe(true);
  });

  test("to move one that has left is the caller's mistake", () => {
    using from = new Stage();
    using to = new Stage();
    const listener = from.join();
    from.broadcaster.leave(listener);
    expect(() => from.broadcaster.move(listener, to.broadcaster, 0)).toThrow(RangeError);
  });
});

describe("what a broadcaster refuses", () => {
  test.each([
    ["no listeners", 0, 64],
    ["more listeners than handles", 2 ** 20 + 1, 64],
    ["no events", 8, 0],
  ])("%s: throws", (_, maxListeners, events) => {
    const ring = new Ring(4096);
    expect(() => new Broadcaster(ring, maxListeners, events)).toThrow(RangeError);
    ring.close();
  });

  test("a tuning that makes no sense throws", () => {
    using stage = new Stage();
    const fine = { chunkSize: 8192, sendsPerSecond: 2000, stallSeconds: 10 };
    stage.broadcaster.tune(fine);
    for (const wrong of [{ chunkSize: 0 }, { sendsPerSecond: -1 }, { stallSeconds: Number.NaN }]) {
      expect(() => stage.broadcaster.tune({ ...fine, ...wrong })).toThrow(RangeError);
    }
  });

  /** Everything that would reach into the core. */
  function usesOf(stage: Stage, listener: number): (() => unknown)[] {
    const { broadcaster: b, ears } = stage;
    return [
      () => b.tick(0, ears),
      () => b.take(listener, 0, ears),
      () => b.join(0, 0, 0),
      () => b.leave(listener),
      () => b.blocked(listener, true, 0),
      () => b.inspect(listener),
      () => b.move(listener, b, 0),
      () => b.tune({ chunkSize: 1, sendsPerSecond: 1, stallSeconds: 1 }),
    ];
  }

  test("use after close throws, to close again is nothing", () => {
    using stage = new Stage();
    const listener = stage.join();
    stage.broadcaster.close();
    stage.broadcaster.close();
    for (const use of usesOf(stage, listener)) expect(use).toThrow("The broadcaster is closed");
  });

  test("use after its ring was closed throws too", () => {
    using stage = new Stage();
    const listener = stage.join();
    stage.ring.close();
    for (const use of usesOf(stage, listener)) expect(use).toThrow("The broadcaster is closed");
  });
});
