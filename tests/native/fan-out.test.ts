// Who is offered what, through FFI: lag, shared spans and blocking, one sentence each.
import { describe, expect, test } from "bun:test";
import type { BroadcastEvents } from "../../src/native/broadcaster.ts";
import { Stage } from "./ears.ts";
import { audio, feed } from "./known-audio.ts";

/** Small enough that a few never fill a ring. */
const FRAME = { length: 512 };

/** Frames of which a ring holds four. */
function quarter({ ring }: Stage): { readonly length: number } {
  return { length: ring.capacity / 4 };
}

describe("lag", () => {
  test("a slow listener within capacity does not lag", () => {
    using stage = new Stage();
    const listener = stage.join();
    feed(stage.ring, 4, quarter(stage));
    stage.tick();
    const ear = stage.ears.of(listener);
    expect(ear.lags).toEqual([]);
    expect(ear.bytes.equals(audio(0, stage.ring.capacity))).toBe(true);
  });

  test("lag counts the overwritten bytes", () => {
    using stage = new Stage();
    const { length } = quarter(stage);
    const listener = stage.join();
    feed(stage.ring, 7, { length });
    stage.tick();
    const ear = stage.ears.of(listener);
    expect(ear.lags).toEqual([3 * length]);
    expect(ear.bytes.equals(audio(3 * length, 4 * length))).toBe(true);
  });

  test("lag is per listener", () => {
    using stage = new Stage();
    const { length } = quarter(stage);
    const [slow, keen] = [stage.join(), stage.join()];
    stage.broadcaster.blocked(slow, true, 0);
    for (let i = 0; i < 7; i++) {
      feed(stage.ring, 1, { length });
      stage.tick();
    }
    stage.broadcaster.blocked(slow, false, 0);
    stage.tick();
    expect(stage.ears.of(slow).lags).toEqual([3 * length]);
    expect(stage.ears.of(keen).lags).toEqual([]);
    expect(stage.ears.of(keen).bytes.equals(audio(0, 7 * length))).toBe(true);
  });

  test("a listener lags, catches up, and lags again", () => {
    using stage = new Stage();
    const { length } = quarter(stage);
    const listener = stage.join();
    for (let i = 0; i < 2; i++) {
      feed(stage.ring, 5, { length });
      stage.tick();
      feed(stage.ring, 1, { length });
      stage.tick();
    }
    expect(stage.ears.of(listener).lags).toEqual([length, length]);
    const wanted = [audio(length, 5 * length), audio(7 * length, 5 * length)];
    expect(stage.ears.of(listener).bytes.equals(Buffer.concat(wanted))).toBe(true);
  });

  test("a lagged listener resumes at a frame where a decoder may start", () => {
    using stage = new Stage();
    const { length } = quarter(stage);
    const listener = stage.join();
    for (let i = 0; i < 8; i++) feed(stage.ring, 1, { length, isSync: i === 2 || i === 6 });
    stage.tick();
    expect(stage.ring.tail).toBe(4 * length);
    expect(stage.ears.of(listener).lags).toEqual([6 * length]);
    expect(stage.ears.of(listener).bytes.equals(audio(6 * length, 2 * length))).toBe(true);
  });
});

describe("spans", () => {
  /** What each of the listeners is handed in one tick. */
  function spansOf(stage: Stage): Map<number, Uint8Array> {
    const spans = new Map<number, Uint8Array>();
    const on: BroadcastEvents = {
      onSend: (listener, span) => spans.set(listener, span),
      onLagged: () => expect.unreachable(),
      onStalled: () => expect.unreachable(),
    };
    stage.broadcaster.tick(0, on);
    return spans;
  }

  test("two listeners at one cursor share one view", () => {
    using stage = new Stage();
    const [a, b] = [stage.join(), stage.join()];
    feed(stage.ring, 2, FRAME);
    const spans = spansOf(stage);
    expect(spans.get(a)).toBe(spans.get(b)!);
    expect(spans.get(a)?.buffer).toBe(stage.ring.memory.buffer);
    expect(spans.get(a)).toEqual(audio(0, 1024));
  });

  test("two listeners at one cursor and one distance to their next block share one view", () => {
    using stage = new Stage();
    const [a, b] = [stage.join(0, 500), stage.join(0, 500)];
    feed(stage.ring, 2, FRAME);
    const spans = spansOf(stage);
    expect(spans.get(a)).toBe(spans.get(b)!);
    expect(spans.get(a)?.length).toBe(1024 + 2);
  });

  test("listeners at different cursors, or with and without titles, do not", () => {
    using stage = new Stage();
    const early = stage.join();
    feed(stage.ring, 1, FRAME);
    stage.tick();
    const [late, titled] = [stage.join(), stage.join(0, 300)];
    feed(stage.ring, 1, FRAME);
    const spans = spansOf(stage);
    expect(spans.get(early)).toEqual(audio(512, 512));
    expect(spans.get(late)).toEqual(audio(0, 1024));
    expect(spans.get(titled)?.length).toBe(1024 + 3);
    expect(spans.get(titled)?.buffer).not.toBe(stage.ring.memory.buffer);
  });

  test("listeners whose spans only look alike, of one offset and one length, do not", () => {
    using stage = new Stage();
    const [plain, titled] = [stage.join(), stage.join(0, 300)];
    stage.broadcaster.blocked(plain, true, 0);
    feed(stage.ring, 1, { length: 1 });
    stage.tick();
    stage.broadcaster.blocked(plain, false, 0);
    feed(stage.ring, 1, FRAME);
    const spans = spansOf(stage);
    expect(spans.get(plain)).toEqual(audio(0, 513));
    const blocks = [audio(1, 299), Buffer.of(0), audio(300, 213)];
    expect(Buffer.concat(blocks).equals(spans.get(titled)!)).toBe(true);
  });

  test("a span across the wrap is one span", () => {
    using stage = new Stage();
    const { length } = quarter(stage);
    const listener = stage.join();
    feed(stage.ring, 3, { length });
    stage.tick();
    feed(stage.ring, 3, { length });
    expect(spansOf(stage).get(listener)).toEqual(audio(3 * length, 3 * length));
  });

  test("more than the events of one tick come in the next calls, to everyone once", () => {
    using stage = new Stage({ maxListeners: 10, events: 3 });
    const listeners = Array.from({ length: 10 }, () => stage.join());
    feed(stage.ring, 1, FRAME);
    const counts = Array.from({ length: 5 }, () => stage.broadcaster.tick(0, stage.ears));
    expect(counts).toEqual([3, 3, 3, 1, 0]);
    const sends = listeners.map((listener) => stage.ears.of(listener).sends.length);
    expect(sends).toEqual(Array.from({ length: 10 }, () => 1));
  });
});

describe("blocking", () => {
  test("a blocked listener gets nothing and misses nothing on its return", () => {
    using stage = new Stage();
    const listener = stage.join();
    const ear = stage.ears.of(listener);
    stage.broadcaster.blocked(listener, true, 0);
    feed(stage.ring, 2, FRAME);
    stage.tick();
    stage.takeAll(listener);
    expect(ear.sends).toEqual([]);
    stage.broadcaster.blocked(listener, false, 1);
    stage.tick(1);
    expect(ear.bytes.equals(audio(0, 1024))).toBe(true);
    expect(ear.lags).toEqual([]);
  });

  test("a blocked listener hears of its lag when it returns, not before", () => {
    using stage = new Stage();
    const { length } = quarter(stage);
    const listener = stage.join();
    const ear = stage.ears.of(listener);
    stage.broadcaster.blocked(listener, true, 0);
    feed(stage.ring, 6, { length });
    stage.tick();
    expect(ear.lags).toEqual([]);
    stage.broadcaster.blocked(listener, false, 1);
    stage.tick(1);
    expect(ear.lags).toEqual([2 * length]);
  });

  test("one that stays blocked is reported as stalled once per blocking", () => {
    using stage = new Stage({ stallSeconds: 10 });
    const listener = stage.join();
    const ear = stage.ears.of(listener);
    stage.broadcaster.blocked(listener, true, 0);
    stage.broadcaster.blocked(listener, true, 9000);
    stage.tick(9999);
    expect(ear.stalls).toBe(0);
    stage.tick(10_000);
    stage.tick(30_000);
    expect(ear.stalls).toBe(1);
    stage.broadcaster.blocked(listener, false, 30_000);
    stage.broadcaster.blocked(listener, true, 30_000);
    stage.tick(40_000);
    expect(ear.stalls).toBe(2);
  });
});
