// What a listener hears before the stream: whole frames at their pace, and the stream from the burst on.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Clip } from "../../../src/mount/clip.ts";
import { Introductions } from "../../../src/output/audience/introductions.ts";
import { withBlocks } from "../../../src/output/audience/opening.ts";
import { type ListenerClient, quietContext } from "../../../src/output/audience/listener.ts";
import { CD_QUALITY } from "../../mount/fake-input.ts";
import { audio, frames } from "../../native/known-audio.ts";
import { IcyReader } from "../../support/icy.ts";
import type { TestMount } from "../../support/config.ts";
import { FakeSink } from "../fake-sink.ts";
import { CLIENT, FRAME, Stage } from "../stage.ts";

const METAINT = 1000;

/** Four seconds, each byte of which is known. */
const INTRO = Buffer.from(audio(7_000_000, 100 * 300));

function clip(bytes: Uint8Array = INTRO): Clip {
  const count = bytes.length / 300;
  return new Clip(CD_QUALITY, [{ ...frames(7_000_000, count, { length: 300, ms: 40 }), bytes }]);
}

/** A mount whose stream and intro go on by hand. */
class Hall implements Disposable {
  readonly stage: Stage;
  readonly introductions: Introductions;
  #turn: (() => void) | null = null;

  constructor(config: TestMount = {}, intro: Clip | null = clip()) {
    const mount = { burstSeconds: 1, metadata: { icyMetaint: METAINT }, ...config };
    this.stage = new Stage(mount, quietContext());
    const timer = (_: number, run: () => void) => {
      this.#turn = run;
      return () => void (this.#turn = null);
    };
    const { audience, clock } = this.stage;
    this.introductions = new Introductions(audience, () => intro, clock, timer);
    this.play(50);
  }

  /** So many frames of the stream, in as much time. */
  play(count: number): void {
    const { mount, input, clock } = this.stage;
    for (let i = 0; i < count; i++) {
      mount.write(input, frames(mount.ring.head, 1, FRAME), clock.now);
      this.stage.pass(FRAME.ms);
      this.#turn?.();
    }
  }

  get isIdle(): boolean {
    return this.#turn === null;
  }

  join(sink: FakeSink, client: Partial<ListenerClient> = {}) {
    return this.introductions.join({ ...CLIENT, ...client }, sink);
  }

  /** The stream up to the head, `seconds` of it. */
  last(seconds: number): Uint8Array {
    const bytes = Math.round((seconds * 1000) / FRAME.ms) * FRAME.length;
    return audio(this.stage.mount.ring.head - bytes, bytes);
  }

  [Symbol.dispose](): void {
    this.stage[Symbol.dispose]();
  }
}

/** The intro and then the stream without a gap. */
function expectBoth(heard: Buffer, rest: Uint8Array): void {
  expect(heard.subarray(0, INTRO.length).equals(INTRO)).toBe(true);
  expect(heard.subarray(INTRO.length).equals(rest)).toBe(true);
}

test("it comes a second ahead at the pace of the audio, in whole frames, and then the burst", () => {
  using hall = new Hall();
  const sink = new FakeSink();
  hall.join(sink);
  expect(sink.bytes.equals(INTRO.subarray(0, 25 * 300))).toBe(true);
  hall.play(25);
  expect(sink.bytes.equals(INTRO.subarray(0, 50 * 300))).toBe(true);
  hall.play(49);
  expect(sink.bytes.length).toBe(99 * 300);
  hall.play(1);
  expectBoth(sink.bytes, hall.last(1));
  hall.play(10);
  expectBoth(sink.bytes, hall.last(1.4));
  expect(hall.isIdle).toBe(true);
});

test("inline titles keep their distance through it and the stream", () => {
  for (const length of [300, METAINT * 3, 4500, 30_000]) {
    using hall = new Hall({}, clip(INTRO.subarray(0, length)));
    const sink = new FakeSink();
    hall.join(sink, { wantsIcy: true });
    hall.play(120);
    const reader = new IcyReader(METAINT);
    reader.push(sink.bytes);
    const rest = reader.audio.subarray(length);
    expect(reader.audio.subarray(0, length).equals(INTRO.subarray(0, length))).toBe(true);
    const { head } = hall.stage.mount.ring;
    expect(rest.equals(audio(head - rest.length, rest.length))).toBe(true);
    expect(reader.titles).toEqual(["Some Song"]);
  }
});

test("an HTTP connection that the core has taken over gets it in chunks, and the core after that", () => {
  using hall = new Hall({}, clip(INTRO.subarray(0, 15_000)));
  const sink = new FakeSink();
  hall.join(sink);
  sink.isChunked = true;
  hall.play(30);
  const piece = Buffer.from("12c\r\n");
  expect(sink.writes.slice(1, 5).every((write) => write.subarray(0, 5).equals(piece))).toBe(true);
  expect(sink.writes[1]?.subarray(5, 305).equals(INTRO.subarray(25 * 300, 26 * 300))).toBe(true);
});

describe("a listener that hears it", () => {
  test("is one of the audience, with the bytes that it got", () => {
    using hall = new Hall();
    const sink = new FakeSink();
    const listener = hall.introductions.join(CLIENT, sink);
    expect(hall.stage.audience.count).toBe(1);
    hall.play(10);
    if (listener !== null) listener.audience.leave(listener, "test");
    expect([sink.leftBytes, hall.stage.audience.count]).toEqual([35 * 300, 0]);
    hall.play(10);
    expect([sink.bytes.length, hall.isIdle]).toEqual([35 * 300, true]);
    const other = new FakeSink();
    const stays = hall.introductions.join(CLIENT, other);
    hall.play(100);
    if (stays !== null) stays.audience.leave(stays, "test");
    expect(other.leftBytes).toBe(INTRO.length + 50 * 400);
  });

  test("goes on with it at a fallback, and joins that mount's stream", () => {
    using hall = new Hall();
    using other = new Stage({ path: "/other", burstSeconds: 1 }, quietContext());
    other.play(50);
    const sink = new FakeSink();
    hall.join(sink);
    hall.stage.audience.move(other.audience);
    other.clock.now = hall.stage.clock.now;
    hall.play(75);
    const { head } = other.mount.ring;
    expectBoth(sink.bytes, audio(head - 10_000, 10_000));
  });

  test("that does not read gets no more until it does, and is dropped like any other", () => {
    using hall = new Hall({ listenerTimeout: 2 });
    const [slow, dead] = [new FakeSink(), new FakeSink()];
    for (const sink of [slow, dead]) {
      sink.state = "blocked";
      hall.join(sink);
    }
    hall.play(25);
    expect(slow.bytes.length).toBe(25 * 300);
    slow.drain();
    hall.play(80);
    expectBoth(slow.bytes, hall.last((slow.bytes.length - INTRO.length) / 10_000));
    expect([dead.aborts, slow.aborts, hall.stage.audience.count]).toEqual([1, 0, 1]);
  });
});

describe("it is not played", () => {
  function getsStream(hall: Hall, client: Partial<ListenerClient> = {}): boolean {
    const sink = new FakeSink();
    hall.join(sink, client);
    return sink.bytes.equals(hall.last(1));
  }

  test("to servers that relay the stream, nor where there is none", () => {
    using hall = new Hall();
    for (const userAgent of ["Icecast 2.4.4", "Cycast/0.1.0", "Liquidsoap/2.2.5 (Unix)"])
      expect(getsStream(hall, { userAgent })).toBe(true);
    expect(getsStream(hall, { userAgent: "VLC/3.0.20 LibVLC/3.0.20" })).toBe(false);
    const session = { user: "", limitSeconds: 0, left: () => undefined };
    expect(getsStream(hall, { session: { ...session, isRelay: true } })).toBe(true);
    expect(getsStream(hall, { session })).toBe(false);
    using without = new Hall({}, null);
    expect(getsStream(without)).toBe(true);
  });

  test("to an address that heard it within intro_skip", () => {
    using hall = new Hall({ introSkip: 10 });
    const from = (address: string) => getsStream(hall, { address });
    expect([from("192.0.2.1"), from("192.0.2.1"), from("192.0.2.2")]).toEqual([false, true, false]);
    hall.play(251);
    expect(from("192.0.2.1")).toBe(false);
  });
});

test("blocks are in the same places however the audio is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 40 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 30 }),
      (sizes, metaint) => {
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const bytes = audio(1, total);
        let at = 0;
        const parts = sizes.map((size) => {
          const part = withBlocks(bytes.slice(at, at + size), metaint, at);
          at += size;
          return part;
        });
        expect(Buffer.concat(parts).equals(withBlocks(bytes, metaint))).toBe(true);
      },
    ),
  );
});

test("a clip knows the bytes of the frames that begin before a time", () => {
  const three = clip(INTRO.subarray(0, 900));
  const times = [-1, 0, 1, 40_000, 40_001, 80_001, 1e9];
  expect(times.map((micros) => three.bytesUntil(micros))).toEqual([0, 0, 300, 300, 600, 900, 900]);
  expect(three.micros).toBe(120_000);
});
