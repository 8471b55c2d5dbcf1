// Where listeners begin in the past, and where they go on: by what they say they got, or by what is known of it.
import { describe, expect, test } from "bun:test";
import { type Asked, askedPlace } from "../../../src/output/audience/asked-place.ts";
import type { Listener } from "../../../src/output/audience/listener.ts";
import type { Ticket } from "../../../src/output/audience/ticket.ts";
import { audio, frames } from "../../native/known-audio.ts";
import { FakeSink } from "../fake-sink.ts";
import { CLIENT, FRAME, Stage } from "../stage.ts";

const BYTES_A_SECOND = (FRAME.length * 1000) / FRAME.ms;
const BURST = 2;

class DeadSink extends FakeSink {
  heldBytes = 0;
  unreceivedBytes = 0;
}

class Past extends Stage {
  constructor(rewindSeconds = 60) {
    super({ burstSeconds: BURST, rewindSeconds });
  }

  /** So much of the air. */
  air(seconds: number): void {
    for (let at = 0; at < seconds * 1000; at += FRAME.ms) {
      this.mount.write(this.input, frames(this.mount.ring.head, 1, FRAME), this.clock.now);
      this.pass(FRAME.ms);
    }
  }

  ticket(query: string): Ticket {
    const ticket = this.ask(askedPlace(`/stream?${query}`));
    if ("sentence" in ticket) throw new Error(ticket.sentence);
    return ticket;
  }

  ask(asked: Asked) {
    return this.audience.tickets.issue(asked, BURST);
  }

  begin(sink: FakeSink, query: string): Listener {
    return this.beginWith(this.ticket(query), sink);
  }

  beginWith(ticket: Ticket, sink: FakeSink): Listener {
    const listener = this.audience.join({ ...CLIENT, ticket }, sink);
    if (listener === null) throw new Error("there is no place");
    return listener;
  }
}

const sameAudio = (sink: FakeSink, from: number) =>
  sink.bytes.equals(audio(from, sink.bytes.length));

describe("a listener in the past", () => {
  test("gets a burst from there and stays as far behind", () => {
    using stage = new Past();
    stage.air(50);
    const sink = new FakeSink();
    const listener = stage.begin(sink, "at=-30");
    expect(sink.bytes.length).toBe(BURST * BYTES_A_SECOND);
    stage.air(20);
    expect(sink.bytes.length).toBe((BURST + 20) * BYTES_A_SECOND);
    expect(sameAudio(sink, 20 * BYTES_A_SECOND)).toBe(true);
    const state = stage.audience.stateOf(listener);
    expect([state?.delaySeconds, state?.lagSeconds]).toEqual([28, 0]);
  });

  test("is not slow for being behind, and is dropped like any other if it does not read", () => {
    using stage = new Past();
    stage.air(50);
    const [reading, stalled] = [new FakeSink(), new FakeSink()];
    stage.begin(reading, "at=-30");
    stalled.state = "blocked";
    stage.begin(stalled, "at=-30");
    stage.air(40);
    expect([stage.audience.count, stage.audience.counts.slow]).toEqual([1, 1]);
    expect([reading.aborts, stalled.aborts]).toEqual([0, 1]);
  });

  test("begins at the oldest audio if less is held, and at the live audio if that is as near", () => {
    using stage = new Past();
    stage.air(10);
    expect(stage.ticket("at=-300").place).toMatchObject({ position: 0, delaySeconds: 8 });
    expect(stage.ticket("at=-2").place.delaySeconds).toBe(0);
    expect(stage.ticket("at=0").atSeconds).toBeCloseTo(8, 6);
    stage.air(100);
    expect(stage.ticket("at=-300").place.delaySeconds).toBe(58);
    expect(stage.ticket("at=-300").atSeconds).toBeCloseTo(50, 6);
  });

  test("begins at a date within reach, and is told what is held for any other", () => {
    using stage = new Past();
    stage.air(50);
    const { rewind } = stage.mount;
    const wallMs = rewind.wallMsAt(30) ?? Number.NaN;
    const at = stage.ask({ kind: "date", wallMs });
    expect("sentence" in at ? 0 : at.atSeconds).toBeCloseTo(20, 1);
    const refused = (ms: number) => stage.ask({ kind: "date", wallMs: wallMs + ms });
    expect(refused(-100_000)).toMatchObject({
      status: 416,
      sentence: expect.stringMatching(/^That time is not held .* oldest audio/),
    });
    expect(refused(60_000)).toMatchObject({ status: 416, sentence: "That time is still to come" });
  });

  test("cannot be where nothing is offered", () => {
    using stage = new Past(0);
    stage.air(50);
    expect(stage.ask({ kind: "ago", seconds: 30 })).toMatchObject({ status: 416 });
    expect(stage.ask({ kind: "ago", seconds: 0 })).toMatchObject({ resumedBytes: null });
  });
});

describe("a listener that goes on", () => {
  test("by the bytes that it counts begins with the first frame that it has not whole", () => {
    using stage = new Past();
    stage.air(50);
    const { token, place } = stage.ticket("at=-30");
    for (const [bytes, whole] of [
      [0, 0],
      [1, 0],
      [399, 0],
      [400, 400],
      [1234, 1200],
    ] as const) {
      const ticket = stage.ticket(`resume=${token}&bytes=${bytes}`);
      expect(ticket.place.position).toBe(place.position + whole);
      expect(ticket.resumedBytes).toBe(whole);
    }
  });

  test("stays as far behind as it was, and makes up only what it lost in a burst", () => {
    using stage = new Past();
    stage.air(50);
    const sink = new FakeSink();
    const ticket = stage.ticket("");
    const listener = stage.beginWith(ticket, sink);
    const { token } = ticket;
    stage.audience.leave(listener, "cut off");
    stage.air(1.2);
    expect(stage.ticket(`resume=${token}`).place.delaySeconds).toBe(0);
    stage.air(20);
    const { place } = stage.ticket(`resume=${token}`);
    expect(place.delaySeconds).toBeCloseTo(21.2 - BURST, 6);
    expect(place.position).toBe(50 * BYTES_A_SECOND);
  });

  test("without a count begins behind what was sent, less what has not left this machine", () => {
    using stage = new Past();
    stage.air(50);
    const sink = new DeadSink();
    const ticket = stage.ticket("at=-30");
    const listener = stage.beginWith(ticket, sink);
    sink.heldBytes = 500;
    stage.audience.leave(listener, "cut off");
    const { token, place } = ticket;
    const end = place.position + BURST * BYTES_A_SECOND;
    expect(stage.ticket(`resume=${token}`).place.position).toBe(end - 800);
  });

  test("whose dead connection nobody noticed takes its own place, behind what its peer had confirmed", () => {
    using stage = new Past();
    stage.air(50);
    const sink = new DeadSink();
    const ticket = stage.ticket("at=-30");
    const { token, place } = ticket;
    stage.beginWith(ticket, sink);
    sink.unreceivedBytes = 10_001;
    stage.audience.tickets.giveWay({ kind: "resume", token, bytes: null });
    expect([stage.audience.count, sink.aborts]).toEqual([0, 1]);
    const end = place.position + BURST * BYTES_A_SECOND;
    expect(stage.ticket(`resume=${token}`).place.position).toBe(end - 10_400);
  });

  test("hears the live audio if its place is not held any more, or its token is none", () => {
    using stage = new Past();
    stage.air(50);
    const { token } = stage.ticket("at=-30");
    stage.air(200);
    for (const resume of [token, "nonsense", `${token.slice(0, -1)}_`]) {
      const ticket = stage.ticket(`resume=${resume}&bytes=0`);
      expect([ticket.resumedBytes, ticket.place.delaySeconds]).toEqual([null, 0]);
      expect(ticket.atSeconds).toBeCloseTo(248, 6);
    }
  });

  test("hears the live audio if it says that it got more than there is", () => {
    using stage = new Past();
    stage.air(50);
    const { token } = stage.ticket("at=-30");
    expect(stage.ticket(`resume=${token}&bytes=999999999`).resumedBytes).toBeNull();
    expect(stage.ticket(`resume=${token}&bytes=999999999999999`).resumedBytes).toBeNull();
  });

  test("is not counted by its bytes if it was skipped ahead or moved meanwhile", () => {
    using stage = new Past();
    using other = new Past();
    stage.air(50);
    other.air(50);
    const sink = new FakeSink();
    const ticket = stage.ticket("at=-30");
    const { token } = ticket;
    stage.beginWith(ticket, sink);
    expect(stage.audience.move(other.audience)).toBe(1);
    expect(stage.ticket(`resume=${token}&bytes=400`).resumedBytes).toBeNull();
  });

  test("does not find what was on air before a change of format", () => {
    using stage = new Past();
    stage.air(50);
    const { token } = stage.ticket("at=-30");
    stage.input.format = { codec: "aac", sampleRate: 44_100, channels: 2 };
    stage.air(10);
    expect(stage.ticket(`resume=${token}&bytes=400`).resumedBytes).toBeNull();
    expect(stage.ticket("at=-30").place.position).toBe(50 * BYTES_A_SECOND);
  });

  test("whose place was overwritten between its answer and its first byte hears the live audio", () => {
    using stage = new Past();
    stage.air(50);
    const ticket = stage.ticket("at=-50");
    stage.air(300);
    const sink = new FakeSink();
    stage.audience.join({ ...CLIENT, ticket }, sink);
    expect(sameAudio(sink, 348 * BYTES_A_SECOND)).toBe(true);
  });
});
