// A listener that does not read: what it misses, what becomes of it, and that nobody else notices.
import { describe, expect, test } from "bun:test";
import { audio } from "../../native/known-audio.ts";
import { FakeSink } from "../fake-sink.ts";
import { Stage } from "../stage.ts";

describe("a sink that blocks", () => {
  test("gets nothing until it has drained, and then has missed nothing", () => {
    using stage = new Stage();
    const sink = new FakeSink();
    stage.join(sink);
    stage.play(3);
    sink.state = "blocked";
    stage.play(20);
    expect(sink.bytes.length).toBe(4 * 400);
    sink.drain();
    stage.play(1);
    expect(sink.bytes.equals(audio(0, 24 * 400))).toBe(true);
    expect(stage.audience.counts.slow).toBe(0);
  });

  test("delays nobody else", () => {
    using stage = new Stage();
    const [blocked, open] = [new FakeSink(), new FakeSink()];
    blocked.state = "blocked";
    stage.join(blocked);
    stage.join(open);
    for (let i = 1; i <= 50; i++) {
      stage.play(1);
      expect(open.bytes.length).toBe(i * 400);
    }
    expect(blocked.writes.length).toBe(1);
  });

  test("for longer than listener_timeout is dropped, counted, and logged once", () => {
    using stage = new Stage({ listenerTimeout: 2 });
    const sinks = [new FakeSink(), new FakeSink(), new FakeSink()];
    for (const sink of sinks) stage.join(sink);
    for (const sink of sinks.slice(0, 2)) sink.state = "blocked";
    stage.play(1);
    stage.pass(1999);
    expect(sinks.map((sink) => sink.aborts)).toEqual([0, 0, 0]);
    stage.pass(1);
    stage.pass(5000);
    expect(sinks.map((sink) => sink.aborts)).toEqual([1, 1, 0]);
    expect([stage.audience.count, stage.audience.counts.slow]).toEqual([1, 2]);
    expect(stage.warnings).toEqual(["warn /stream: a stalled listener was dropped"]);
    for (const sink of sinks) sink.drain();
    stage.play(1);
    expect(sinks.map((sink) => sink.bytes.length)).toEqual([400, 400, 800]);
  });

  test("and drains in time begins a new listener_timeout", () => {
    using stage = new Stage({ listenerTimeout: 2 });
    const sink = new FakeSink();
    stage.join(sink);
    for (let i = 0; i < 3; i++) {
      sink.state = "blocked";
      stage.play(1);
      stage.pass(1900);
      sink.drain();
    }
    expect([sink.aborts, stage.audience.count]).toEqual([0, 1]);
  });

  test("is cut off when it is ended, for it would never read to the end", () => {
    using stage = new Stage();
    const [blocked, open] = [new FakeSink(), new FakeSink()];
    const listeners = [blocked, open].map((sink) => stage.join(sink));
    blocked.state = "blocked";
    stage.play(2);
    stage.pass(1000);
    for (const { number } of listeners) expect(stage.audience.end(number, "of a test")).toBe(true);
    expect([blocked.aborts, blocked.ends, open.aborts, open.ends]).toEqual([1, 0, 0, 1]);
  });

  test("is cut off though it has been blocked for no time yet", () => {
    using stage = new Stage();
    const sink = new FakeSink();
    const { number } = stage.join(sink);
    sink.state = "blocked";
    stage.play(1);
    expect(stage.audience.end(number, "of a test")).toBe(true);
    expect([sink.aborts, sink.ends]).toEqual([1, 0]);
  });

  test("until the ring has overtaken it skips ahead to a frame, is counted and stays", () => {
    using stage = new Stage({ bufferBytes: 4096, listenerTimeout: 3600 });
    const sink = new FakeSink();
    stage.join(sink);
    sink.state = "blocked";
    const held = Math.floor(stage.mount.ring.capacity / 400);
    stage.play(1 + 3 * held);
    sink.drain();
    stage.pass(1000);
    const { tail, head } = stage.mount.ring;
    const wanted = Buffer.concat([audio(0, 400), audio(tail, head - tail)]);
    expect(sink.bytes.equals(wanted)).toBe(true);
    expect([stage.audience.count, stage.audience.counts.slow]).toEqual([1, 1]);
    expect(stage.warnings).toEqual([
      "warn /stream: a listener was overtaken by the ring and skipped ahead",
    ]);
  });
});
