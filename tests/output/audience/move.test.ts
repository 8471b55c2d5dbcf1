// Listeners that go from one mount to another without a new connection, and listeners that are ended by hand.
import { describe, expect, test } from "bun:test";
import { refusalToMove } from "../../../src/output/audience/fallbacks.ts";
import { quietContext } from "../../../src/output/audience/listener.ts";
import { audio } from "../../native/known-audio.ts";
import { IcyReader } from "../../support/icy.ts";
import type { TestMount } from "../../support/config.ts";
import { FakeSink } from "../fake-sink.ts";
import { Stage } from "../stage.ts";

const METAINT = 1000;
const TITLES = { burstSeconds: 0, metadata: { icyMetaint: METAINT } };

/** Two mounts of one station. */
function two(there: TestMount = TITLES): [Stage, Stage] {
  const context = quietContext();
  return [new Stage(TITLES, context), new Stage({ ...there, path: "/there" }, context)];
}

function stop(...stages: Stage[]): void {
  for (const stage of stages) stage[Symbol.dispose]();
}

describe("moving", () => {
  test("goes on at the other's head, and the inline titles go on counting", () => {
    const [here, there] = two();
    const sink = new FakeSink();
    here.join(sink, true);
    here.play(11);
    there.play(50);
    expect(here.audience.move(there.audience)).toBe(1);
    there.play(20);
    here.play(5);
    const reader = new IcyReader(METAINT);
    reader.push(sink.bytes);
    const wanted = Buffer.concat([audio(0, 11 * 400), audio(50 * 400, 20 * 400)]);
    expect(reader.audio.equals(wanted)).toBe(true);
    stop(here, there);
  });

  test("takes everybody, counts them there and keeps their numbers", () => {
    const [here, there] = two();
    const listeners = [here.join(new FakeSink()), here.join(new FakeSink())];
    const own = there.join(new FakeSink());
    expect(here.audience.move(there.audience)).toBe(2);
    expect([here.audience.count, there.audience.count, there.audience.counts.peak]).toEqual([
      0, 3, 3,
    ]);
    expect([...listeners, own].map(({ number }) => number)).toEqual([1, 2, 3]);
    expect([...there.audience.members()].length).toBe(3);
    expect([here.audience.joined, there.audience.joined]).toEqual([2, 1]);
    stop(here, there);
  });

  test("leaves those where they are for whom there is no place", () => {
    const [here, there] = two({ ...TITLES, maxListeners: 1 });
    const sinks = [new FakeSink(), new FakeSink()];
    for (const sink of sinks) here.join(sink);
    expect(here.audience.move(there.audience)).toBe(1);
    expect([here.audience.count, there.audience.count]).toEqual([1, 1]);
    here.play(1);
    expect(sinks.map(({ bytes }) => bytes.length)).toEqual([0, 400]);
    stop(here, there);
  });

  test("to itself moves nobody", () => {
    const [here, there] = two();
    here.join(new FakeSink());
    expect([here.audience.move(here.audience), here.audience.count]).toEqual([0, 1]);
    stop(here, there);
  });

  test("who is blocked stays blocked until its own sink has drained", () => {
    const [here, there] = two();
    const sink = new FakeSink();
    here.join(sink);
    sink.state = "blocked";
    here.play(1);
    here.audience.move(there.audience);
    there.play(3);
    expect(sink.writes.length).toBe(1);
    sink.drain();
    there.play(1);
    const wanted = Buffer.concat([audio(0, 400), audio(0, 4 * 400)]);
    expect(sink.bytes.equals(wanted)).toBe(true);
    stop(here, there);
  });

  test("a listener that leaves afterwards leaves its present audience, whichever is called", () => {
    const [here, there] = two();
    const listener = here.join(new FakeSink());
    here.audience.move(there.audience);
    here.audience.leave(listener, "its connection closed");
    expect([here.audience.count, there.audience.count]).toEqual([0, 0]);
    stop(here, there);
  });

  test("loses no byte of the sums", () => {
    const [here, there] = two();
    const sink = new FakeSink();
    here.join(sink, true);
    here.play(10);
    here.audience.move(there.audience);
    there.play(10);
    expect(here.audience.sentBytes + there.audience.sentBytes).toBe(sink.bytes.length);
    stop(here, there);
  });
});

describe("who can be moved where", () => {
  test("not to silence, to itself or to another format", () => {
    const [here, there] = two();
    expect(refusalToMove(here.audience, here.audience)).toBe("supplied mountpoints are identical");
    expect(refusalToMove(here.audience, there.audience)).toBeNull();
    there.mount.detach(there.input, 0);
    expect(refusalToMove(here.audience, there.audience)).toBe("Destination not running");
    stop(here, there);
  });
});

describe("ending one by its number", () => {
  test("ends its stream cleanly, once, and nobody else's", () => {
    using stage = new Stage();
    const [one, two_] = [new FakeSink(), new FakeSink()];
    stage.join(one);
    const { number } = stage.join(two_);
    expect(stage.audience.end(number, "test")).toBe(true);
    expect(stage.audience.end(number, "test")).toBe(false);
    expect([one.ends, two_.ends, stage.audience.count]).toEqual([0, 1, 1]);
  });
});

describe("a sample", () => {
  test("is what one who joins would hear first, and nobody is counted", () => {
    using stage = new Stage();
    stage.play(10);
    const [sample, joined] = [new FakeSink(), new FakeSink()];
    stage.audience.sample(sample);
    expect([stage.audience.count, stage.audience.counts.peak, stage.audience.joined]).toEqual([
      0, 0, 0,
    ]);
    stage.join(joined);
    expect(sample.bytes.length).toBeGreaterThan(0);
    expect(joined.bytes.subarray(0, sample.bytes.length).equals(sample.bytes)).toBe(true);
    stage.play(1);
    expect(sample.writes.length).toBe(1);
  });

  test("is nothing where nobody can join", () => {
    using stage = new Stage({ maxListeners: 1 });
    stage.play(10);
    stage.join(new FakeSink());
    const sample = new FakeSink();
    stage.audience.sample(sample);
    expect(sample.bytes.length).toBe(0);
  });
});

describe("a subscriber", () => {
  test("learns of each listener that joins and leaves, once, with the bytes it was sent", () => {
    using stage = new Stage();
    const told: [number, number?][] = [];
    const { events } = stage.mount;
    events.on("joined", ({ listener }) => void told.push([listener.number]));
    events.on("left", ({ listener, sentBytes }) => void told.push([listener.number, sentBytes]));
    const listener = stage.join(new FakeSink());
    stage.play(3);
    stage.audience.leave(listener, "test");
    stage.audience.leave(listener, "test");
    expect(told).toEqual([[listener.number], [listener.number, 1200]]);
  });
});
