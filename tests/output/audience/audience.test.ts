// The listeners of a mount, over a real ring: who joins, what they get at once, who leaves, and the end.
import { describe, expect, test } from "bun:test";
import { TICK_EVENTS } from "../../../src/output/audience/audience.ts";
import type { Listener } from "../../../src/output/audience/listener.ts";
import { FakeInput } from "../../mount/fake-input.ts";
import { voice } from "../../mount/stage.ts";
import { audio, feed } from "../../native/known-audio.ts";
import { IcyReader } from "../../support/icy.ts";
import { FakeSink } from "../fake-sink.ts";
import { FRAME, Stage, CLIENT } from "../stage.ts";

describe("joining", () => {
  test("the burst is written before join returns, and the air follows without a gap", () => {
    using stage = new Stage({ burstSeconds: 2 });
    stage.play(100);
    const sink = new FakeSink();
    stage.join(sink);
    expect(sink.bytes.equals(audio(50 * 400, 50 * 400))).toBe(true);
    stage.play(10);
    expect(sink.bytes.equals(audio(50 * 400, 60 * 400))).toBe(true);
  });

  test("a burst longer than one send is written whole", () => {
    using stage = new Stage({ burstSeconds: 60 });
    feed(stage.mount.ring, 200, { length: 1000 });
    const sink = new FakeSink();
    stage.join(sink);
    expect(sink.writes.length).toBeGreaterThan(2);
    expect(sink.bytes.equals(audio(0, 200_000))).toBe(true);
  });

  test("a sink that blocks on its burst gets the rest of it once it has drained", () => {
    using stage = new Stage({ burstSeconds: 60 });
    feed(stage.mount.ring, 200, { length: 1000 });
    const sink = new FakeSink();
    sink.state = "blocked";
    stage.join(sink);
    expect(sink.writes.length).toBe(1);
    sink.drain();
    stage.pass(1000);
    expect(sink.bytes.equals(audio(0, 200_000))).toBe(true);
  });

  test("who wants titles gets them where the mount has them switched on", () => {
    using on = new Stage({ metadata: { icyMetaint: 1000 } });
    using off = new Stage({ metadata: { icyMetaint: 1000, enableIcy: false } });
    for (const stage of [on, off]) stage.play(10);
    const [titled, plain, refused] = [new FakeSink(), new FakeSink(), new FakeSink()];
    on.join(titled, true);
    on.join(plain);
    off.join(refused, true);
    const reader = new IcyReader(1000);
    reader.push(titled.bytes);
    expect(reader.titles).toEqual(["Some Song"]);
    expect(reader.audio.equals(audio(0, 4000))).toBe(true);
    expect(plain.bytes.equals(audio(0, 4000))).toBe(true);
    expect(refused.bytes.equals(audio(0, 4000))).toBe(true);
    const asked = { ...CLIENT, wantsIcy: true };
    expect([on.audience.metaintFor(asked), on.audience.metaintFor(CLIENT)]).toEqual([1000, 0]);
    expect(off.audience.metaintFor(asked)).toBe(0);
  });

  test("beyond max_listeners nobody joins until one leaves", () => {
    using stage = new Stage({ maxListeners: 2 });
    const first = stage.join(new FakeSink());
    expect(stage.audience.isFull).toBe(false);
    stage.join(new FakeSink());
    expect(stage.audience.isFull).toBe(true);
    expect(stage.audience.join(CLIENT, new FakeSink())).toBeNull();
    stage.audience.leave(first, "test");
    expect(stage.audience.isFull).toBe(false);
    expect(stage.join(new FakeSink()).number).toBe(3);
    expect(stage.audience.isFull).toBe(true);
  });

  test("beyond listeners_per_address nobody of that address joins, however it was admitted", () => {
    using stage = new Stage({ rules: { listenersPerAddress: 2 } });
    const first = stage.join(new FakeSink());
    stage.join(new FakeSink());
    expect(stage.audience.join(CLIENT, new FakeSink())).toBeNull();
    expect(
      stage.audience.join({ ...CLIENT, address: "192.0.2.99" }, new FakeSink()),
    ).not.toBeNull();
    stage.audience.leave(first, "test");
    expect(stage.audience.join(CLIENT, new FakeSink())).not.toBeNull();
  });

  test("the peak is the most that ever listened at one time", () => {
    using stage = new Stage();
    const listeners = Array.from({ length: 3 }, () => stage.join(new FakeSink()));
    for (const listener of listeners) stage.audience.leave(listener, "test");
    stage.join(new FakeSink());
    expect([stage.audience.count, stage.audience.counts.peak]).toEqual([1, 3]);
  });
});

describe("leaving", () => {
  test("a sink that is gone leaves, and nothing more is done to it", () => {
    using stage = new Stage();
    const [gone, open] = [new FakeSink(), new FakeSink()];
    const listener = stage.join(gone);
    stage.join(open);
    stage.play(1);
    gone.state = "gone";
    stage.play(1);
    gone.state = "open";
    stage.play(1);
    expect(gone.bytes.length).toBe(400);
    expect([gone.ends, gone.aborts]).toEqual([0, 0]);
    expect(open.bytes.length).toBe(3 * 400);
    expect(stage.audience.count).toBe(1);
    stage.audience.leave(listener, "its connection was seen to end twice");
    expect(stage.audience.count).toBe(1);
  });

  test("a sink that is gone at its burst has joined and left", () => {
    using stage = new Stage();
    stage.play(1);
    const sink = new FakeSink();
    sink.state = "gone";
    stage.join(sink);
    expect([stage.audience.count, stage.audience.counts.peak]).toEqual([0, 1]);
    expect(stage.lines.slice(-2)).toEqual([
      "debug /stream: listener 1 joined from 192.0.2.7",
      "debug /stream: listener 1 left: gone",
    ]);
  });

  test("one that leaves while a tick is worked off gets none of it, the others theirs", () => {
    using stage = new Stage();
    const listeners: Listener[] = [];
    const heard: number[] = [];
    /** Whoever is first has everybody else leave. */
    class Sink extends FakeSink {
      override write(span: Uint8Array<ArrayBuffer>) {
        heard.push(span.length);
        for (const other of listeners) if (other.sink !== this) stage.audience.leave(other, "test");
        return super.write(span);
      }
    }
    for (let i = 0; i < 5; i++) listeners.push(stage.join(new Sink()));
    stage.play(1);
    expect(heard).toEqual([400]);
    expect(stage.audience.count).toBe(1);
    stage.play(1);
    expect(heard).toEqual([400, 400]);
  });

  test("a drain after leaving does not reach who came to the place after", () => {
    using stage = new Stage({ maxListeners: 1 });
    const [old, next] = [new FakeSink(), new FakeSink()];
    const listener = stage.join(old);
    old.state = "blocked";
    stage.play(1);
    stage.audience.leave(listener, "test");
    next.state = "blocked";
    stage.join(next);
    old.drain();
    stage.play(5);
    expect(next.writes.length).toBe(1);
  });

  test("close ends every stream cleanly, and nobody joins or is sent to any more", () => {
    const stage = new Stage();
    const sinks = [new FakeSink(), new FakeSink(), new FakeSink()];
    const [first] = sinks.map((sink) => stage.join(sink));
    stage.audience.leave(first!, "before");
    stage.audience.close();
    expect(sinks.map(({ ends, aborts }) => [ends, aborts])).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
    ]);
    expect([stage.audience.count, stage.audience.isFull]).toEqual([0, true]);
    expect(stage.audience.join(CLIENT, new FakeSink())).toBeNull();
    expect(stage.audience.tick(1)).toBe(0);
    for (const sink of sinks) sink.drain();
    stage.audience.close();
    expect(sinks.map(({ ends }) => ends)).toEqual([0, 1, 1]);
    stage.mount.close();
  });
});

/** One of a counts: keeps nothing. */
class DeafSink extends FakeSink {
  override write(): "open" {
    return "open";
  }
}

test("many listeners get chunk_size at a time, and twice that if the audience is stretched", () => {
  using stage = new Stage();
  const sink = new FakeSink();
  stage.join(sink);
  for (let others = 0; others < 4000; others++) stage.audience.join(CLIENT, new DeafSink());
  const typicalSend = () => {
    const from = sink.writes.length;
    stage.play(250);
    const sizes = sink.writes.slice(from + 1).map(({ length }) => length);
    return sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
  };
  expect(Math.abs(typicalSend() - 8192)).toBeLessThan(FRAME.length);
  stage.audience.tune(2, 2000);
  expect(Math.abs(typicalSend() - 2 * 8192)).toBeLessThan(FRAME.length);
});

describe("what is known of the audience", () => {
  test("bytes are counted with their titles, and those of who has left stay counted", () => {
    using stage = new Stage({ metadata: { icyMetaint: 1000 } });
    const sinks = [new FakeSink(), new FakeSink()];
    const [first] = [stage.join(sinks[0]!, true), stage.join(sinks[1]!)];
    const received = () => sinks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    stage.play(10);
    expect(stage.audience.sentBytes).toBe(received());
    stage.audience.leave(first, "test");
    stage.play(10);
    expect(stage.audience.sentBytes).toBe(received());
    expect(received()).toBeGreaterThan(30 * 400);
  });

  test("its members are the present listeners, and the core has the position of each", () => {
    using stage = new Stage();
    const [blocked, open, gone] = [new FakeSink(), new FakeSink(), new FakeSink()];
    const listeners = [blocked, open, gone].map((sink) => stage.join(sink));
    stage.audience.leave(listeners[2]!, "test");
    blocked.state = "blocked";
    stage.play(1);
    stage.play(4);
    stage.pass(1000);
    const { audience } = stage;
    expect([...audience.members()]).toEqual(listeners.slice(0, 2));
    expect(audience.stateOf(listeners[2]!)).toBeNull();
    expect(audience.stateOf(listeners[0]!)).toEqual({
      cursor: 400,
      lagSeconds: 0.16,
      delaySeconds: 0,
      sentBytes: 400,
      isBlocked: true,
      blockedMs: 1160,
    });
    expect(audience.stateOf(listeners[1]!)).toMatchObject({
      cursor: 2000,
      lagSeconds: 0,
      isBlocked: false,
      blockedMs: 0,
    });
  });

  test("a tick says which share of its events it used", () => {
    using stage = new Stage();
    expect(stage.audience.tick(0)).toBe(0);
    for (let i = 0; i < TICK_EVENTS + 64; i++) stage.join(new FakeSink());
    feed(stage.mount.ring, 1, FRAME);
    stage.clock.now = 10_000;
    expect(stage.audience.tick(10_000)).toBe(1);
    expect(stage.audience.tick(10_000)).toBe(64 / TICK_EVENTS);
    expect(stage.audience.tick(10_000)).toBe(0);
  });
});

describe("a pause in which nothing falls due", () => {
  function goLive(stage: Stage): FakeInput {
    const live = new FakeInput("live");
    live.ready = true;
    stage.mount.attach(live);
    stage.mount.advance(0);
    return live;
  }

  test("has no end while nobody listens to a source that writes by itself", () => {
    using stage = new Stage();
    goLive(stage);
    expect(stage.audience.pauseMs).toBe(Number.POSITIVE_INFINITY);
  });

  test("lets a playlist gather 500 ms while nobody listens, and 100 ms for few", () => {
    using stage = new Stage();
    expect(stage.audience.pauseMs).toBe(500);
    stage.join(new FakeSink());
    expect(stage.audience.pauseMs).toBe(0);
    stage.audience.tune(1, 2000, true);
    expect(stage.audience.pauseMs).toBe(100);
  });

  test("ends when a source has written, another input has the air or a listener has come or drained", () => {
    using stage = new Stage();
    let due = 0;
    stage.audience.onDue = () => void due++;
    const live = goLive(stage);
    expect(due).toBe(1);
    stage.mount.write(live, voice.live(1), 0);
    expect(due).toBe(2);
    const sink = new FakeSink();
    sink.state = "blocked";
    stage.join(sink);
    expect(due).toBe(3);
    sink.drain();
    expect(due).toBe(4);
  });

  test("has no end for few listeners of a live source, until one comes back or something is written", () => {
    using stage = new Stage();
    const live = goLive(stage);
    stage.audience.tune(1, 2000, true);
    const sink = new FakeSink();
    stage.join(sink);
    stage.pass(1000);
    expect(stage.audience.pauseMs).toBe(Number.POSITIVE_INFINITY);
    sink.state = "blocked";
    stage.mount.write(live, voice.live(2), 1000);
    stage.pass(10);
    const heard = sink.bytes.length;
    stage.mount.write(live, voice.live(1), 1000);
    stage.pass(1000);
    expect(sink.bytes.length).toBe(heard);
    sink.drain();
    stage.pass(10);
    expect(sink.bytes.length).toBeGreaterThan(heard);
    expect(stage.audience.pauseMs).toBe(Number.POSITIVE_INFINITY);
  });

  test("is until the next turn of anybody where the source writes by itself, none elsewhere", () => {
    using stage = new Stage();
    stage.audience.tune(1, 10);
    stage.join(new FakeSink());
    stage.pass(10);
    expect(stage.audience.pauseMs).toBe(0);
    goLive(stage);
    // One listener, ten sends a second: 64 slots share 100 ms.
    expect(stage.audience.pauseMs).toBeCloseTo(100 / 64);
  });
});
