// Listeners who go back further than the ring: recorded frames at their pace, from file to file, and then the ring's.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { MOST_IN_PAST } from "../../../src/output/audience/recorded-tickets.ts";
import type { ListenerClient } from "../../../src/output/audience/listener.ts";
import type { Past, RecordedPlace } from "../../../src/mount/past.ts";
import { quietContext } from "../../../src/output/audience/listener.ts";
import { Replays } from "../../../src/output/audience/replays.ts";
import { CD_QUALITY } from "../../mount/fake-input.ts";
import { FRAME_MS, numbered } from "../../recording/studio.ts";
import { IcyReader } from "../../support/icy.ts";
import { FakeSink } from "../fake-sink.ts";
import { CLIENT, Stage } from "../stage.ts";

const METAINT = 1000;
const LENGTH = 417;
const BATCH = 38;
const BATCH_MS = BATCH * FRAME_MS;

/** Recorded from time 0 on, in files of 40 batches; none of `missing`. */
class Tape implements Past {
  readonly batches: Uint8Array[] = [];
  fromMs: number | null = 0;
  isBroken = false;
  format = CD_QUALITY;
  /** Batches that were not recorded. */
  missing = Number.POSITIVE_INFINITY;
  opened = 0;
  closed = 0;

  async at(atMs: number): Promise<RecordedPlace | null> {
    const batch = Math.max(0, Math.floor(atMs / BATCH_MS + 1e-6));
    const file = Math.floor(batch / 40);
    const end = Math.min((file + 1) * 40, this.batches.length, this.missing);
    if (batch >= end) return null;
    // Anchors are ten batches apart.
    const from = batch - (batch % 10);
    const frame = (from % 40) * BATCH;
    const name = `/rec/${file}.mp3`;
    const path = end < (file + 1) * 40 ? `${name}.part` : name;
    const byte = 100 + frame * LENGTH;
    const endByte = 100 + (end - file * 40) * BATCH * LENGTH;
    const head = { headBytes: 100, origin: null };
    const place = {
      path,
      name,
      ...head,
      format: this.format,
      byte,
      frame,
      sample: frame * 1152,
      endByte,
    };
    return { ...place, atMs: from * BATCH_MS, endMs: end * BATCH_MS };
  }

  async before(place: RecordedPlace, byte: number): Promise<RecordedPlace> {
    const batch = Math.floor((byte - 100) / LENGTH / BATCH / 10) * 10;
    const file = Number(place.name.slice(5, -4));
    const frame = batch * BATCH;
    const at = { byte: 100 + frame * LENGTH, frame, sample: frame * 1152 };
    return { ...place, ...at, atMs: (file * 40 + batch) * BATCH_MS };
  }

  async marks(place: RecordedPlace): Promise<readonly number[]> {
    return [place.byte];
  }

  async titles({ name }: RecordedPlace) {
    const title = `Title of ${name}`;
    return [{ sample: 3 * BATCH * 1152, artist: "Somebody", title }];
  }

  async after(place: RecordedPlace): Promise<RecordedPlace | null> {
    const next = await this.at(place.endMs);
    return next?.name === place.name ? null : next;
  }

  async open({ name }: RecordedPlace) {
    this.opened++;
    const file = Number(name.slice(5, -4));
    return {
      stat: () => Promise.reject(new Error("not asked")),
      read: async (into: Uint8Array, offset: number, length: number, position: number) => {
        if (this.isBroken) throw new Error("EIO");
        const all = Buffer.concat([
          Buffer.alloc(100),
          ...this.batches.slice(file * 40, file * 40 + 40),
        ]);
        const part = all.subarray(position, position + length);
        into.set(part, offset);
        return { bytesRead: part.length };
      },
      close: async () => void this.closed++,
    };
  }

  get bytes(): Buffer {
    return Buffer.concat(this.batches);
  }
}

let stage: Stage;
let tape: Tape;
let replays: Replays;
let turn: (() => void) | null;

const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** A second of the programme, in ten turns. */
async function play(batches: number, isOnAir = true): Promise<void> {
  for (let i = 0; i < batches; i++) {
    const frames = numbered(BATCH);
    tape.batches.push(frames.bytes.slice());
    for (let part = 0; part < 10; part++) {
      stage.pass(BATCH_MS / 10);
      if (part === 9 && isOnAir) stage.mount.write(stage.input, frames, stage.clock.now);
      turn?.();
      await settled();
    }
  }
}

function join(secondsBack: number, sink: FakeSink, client: Partial<ListenerClient> = {}) {
  const { audience } = stage;
  const ticket = audience.tickets.issue({ kind: "ago", seconds: secondsBack }, 1);
  if ("sentence" in ticket) throw new Error(ticket.sentence);
  const listener = replays.join({ ...CLIENT, ...client, ticket }, sink);
  if (listener === null) throw new Error("no room");
  return { ticket, listener };
}

/** The first frame that was on air so many seconds ago or later, in bytes of the tape. */
const byteBack = (seconds: number) =>
  Math.ceil((stage.clock.now - seconds * 1000) / FRAME_MS - 1e-6) * LENGTH;

/** A station that recorded a hundred seconds before it was started again, twenty seconds ago. */
beforeEach(async () => {
  const config = { burstSeconds: 1, rewindSeconds: 300, metadata: { icyMetaint: METAINT } };
  stage = new Stage(config, quietContext());
  tape = new Tape();
  const timer = (_: number, run: () => void) => {
    turn = run;
    return () => void (turn = null);
  };
  turn = null;
  replays = new Replays(stage.audience, stage.audience, stage.clock, timer);
  stage.mount.rewind.past = () => tape;
  await play(100, false);
  await play(20);
});

afterEach(() => stage[Symbol.dispose]());

test.each([
  ["a plain", false],
  ["an ICY", true],
])(
  "%s listener hears frame after frame of recordings, and of the ring once that has its place",
  async (_, wantsIcy) => {
    const sink = new FakeSink();
    const from = byteBack(70);
    const { ticket, listener } = join(70, sink, { wantsIcy });
    expect(ticket.recordedMs).toBe(stage.clock.now - 70_000);
    const audio = () => {
      if (!wantsIcy) return sink.bytes;
      const reader = new IcyReader(METAINT);
      reader.push(sink.bytes);
      return reader.audio;
    };
    await play(30);
    expect(stage.audience.counts.inPast).toBe(1);
    // A second ahead, as a burst is.
    expect(Math.abs(audio().length - 31 * BATCH * LENGTH)).toBeLessThan(BATCH * LENGTH);
    await play(60);
    expect([stage.audience.counts.inPast, stage.audience.count, turn]).toEqual([0, 1, null]);
    expect(stage.audience.stateOf(listener)?.delaySeconds).toBeWithin(67, 71);
    expect(Math.abs(audio().length - 91 * BATCH * LENGTH)).toBeLessThan(2 * BATCH * LENGTH);
    expect(audio().equals(tape.bytes.subarray(from, from + audio().length))).toBe(true);
    expect(tape.opened).toBe(tape.closed);
    if (wantsIcy) expectTitles(sink.bytes, from);
  },
);

/** Each is in the first block behind its frame; at last that of the ring. */
function expectTitles(heard: Uint8Array, from: number): void {
  const reader = new IcyReader(METAINT);
  reader.push(heard);
  const fileBytes = 40 * BATCH * LENGTH;
  const first = Math.floor(from / fileBytes);
  const expected = [first, first + 1].map((file) => {
    const begins = file * fileBytes + 3 * BATCH * LENGTH;
    const at = Math.max(1, Math.ceil((begins - from) / METAINT)) * METAINT;
    return { at, title: `Somebody - Title of /rec/${file}.mp3` };
  });
  expect(reader.told.slice(0, -1)).toEqual(expected);
  expect(reader.titles.at(-1)).toBe("Some Song");
}

test("what it was given is told when it leaves, before and after it joined the ring", async () => {
  const sinks = [new FakeSink(), new FakeSink()];
  const [first, second] = sinks.map((sink) => join(70, sink).listener);
  await play(10);
  stage.audience.leave(first!, "test");
  await play(70);
  stage.audience.leave(second!, "test");
  expect(sinks.map(({ leftBytes }) => leftBytes)).toEqual(sinks.map(({ bytes }) => bytes.length));
  expect(tape.closed).toBe(tape.opened);
});

describe("a listener of recordings whose connection is lost", () => {
  async function resume(token: string, bytes: number) {
    const asked = { kind: "resume", token, bytes } as const;
    await stage.audience.tickets.prepare(asked);
    const ticket = stage.audience.tickets.issue(asked, 1);
    if ("sentence" in ticket) throw new Error(ticket.sentence);
    return ticket;
  }

  test("goes on at the frame of which it had not all, again and again, and in another file", async () => {
    let from = byteBack(85);
    let { ticket } = join(85, new FakeSink());
    for (const bytes of [3 * LENGTH, 40 * BATCH * LENGTH + 100, 5 * LENGTH - 1]) {
      await play(2);
      ticket = await resume(ticket.token, bytes);
      expect(stage.audience.count).toBe(0);
      expect(ticket.resumedBytes).toBe(bytes - (bytes % LENGTH));
      from += ticket.resumedBytes ?? 0;
      const sink = new FakeSink();
      replays.join({ ...CLIENT, ticket }, sink);
      await play(3);
      expect(sink.bytes.length).toBeGreaterThan(2 * BATCH * LENGTH);
      expect(sink.bytes.equals(tape.bytes.subarray(from, from + sink.bytes.length))).toBe(true);
    }
    expect(tape.opened - tape.closed).toBe(1);
  });

  test("goes on in recordings when it has come to the ring without a gap", async () => {
    const sink = new FakeSink();
    const from = byteBack(70);
    const { ticket } = join(70, sink);
    await play(90);
    expect(stage.audience.counts.inPast).toBe(0);
    const next = await resume(ticket.token, sink.bytes.length);
    expect([next.resumedBytes, next.recordedMs]).toEqual([sink.bytes.length, expect.any(Number)]);
    const rest = new FakeSink();
    replays.join({ ...CLIENT, ticket: next }, rest);
    await play(3);
    const at = from + sink.bytes.length;
    expect(rest.bytes.equals(tape.bytes.subarray(at, at + rest.bytes.length))).toBe(true);
  });

  test("begins anew behind a gap, when recordings have gone, and when the disk fails", async () => {
    tape.missing = 60;
    const { ticket, listener } = join(70, new FakeSink());
    await play(30);
    stage.audience.leave(listener, "test");
    expect((await resume(ticket.token, 1000)).resumedBytes).toBeNull();
    tape.missing = Number.POSITIVE_INFINITY;
    const other = join(70, new FakeSink()).ticket;
    tape.isBroken = true;
    expect((await resume(other.token, 1000)).resumedBytes).toBeNull();
    tape.isBroken = false;
    stage.mount.rewind.past = () => null;
    expect((await resume(other.token, 1000)).resumedBytes).toBeNull();
    expect((await resume(`${other.token.slice(0, -2)}AA`, 1000)).resumedBytes).toBeNull();
  });
});

describe("a listener goes on where the ring begins", () => {
  /** It has heard the tape up to a byte, and then what the ring has had for longest. */
  function expectRest(sink: FakeSink, from: number, end: number): void {
    const recorded = sink.bytes.subarray(0, end - from);
    expect(recorded.equals(tape.bytes.subarray(from, end))).toBe(true);
    const rest = sink.bytes.subarray(end - from);
    const at = tape.bytes.indexOf(rest.subarray(0, 2000));
    expect([at >= 100 * BATCH * LENGTH, at % LENGTH]).toEqual([true, 0]);
    expect(rest.equals(tape.bytes.subarray(at, at + rest.length))).toBe(true);
    expect(stage.audience.counts.inPast).toBe(0);
  }

  test("when nothing more is recorded", async () => {
    tape.missing = 60;
    const sink = new FakeSink();
    const from = byteBack(70);
    join(70, sink);
    await play(30);
    expectRest(sink, from, 60 * BATCH * LENGTH);
  });

  test("when the recordings are of another format", async () => {
    tape.format = { ...CD_QUALITY, sampleRate: 48_000 };
    const sink = new FakeSink();
    join(70, sink);
    await play(3);
    expectRest(sink, 0, 0);
  });

  test("when the disk fails", async () => {
    tape.isBroken = true;
    const sink = new FakeSink();
    join(70, sink);
    await play(3);
    expectRest(sink, 0, 0);
    expect(tape.closed).toBe(tape.opened);
  });
});

test("a listener that does not read gets no more, and is dropped like any other", async () => {
  const sink = new FakeSink();
  sink.state = "blocked";
  join(70, sink);
  await play(5);
  const held = sink.bytes.length;
  await play(60);
  expect([sink.bytes.length, sink.aborts, stage.audience.count]).toEqual([held, 1, 0]);
  expect([stage.audience.counts.inPast, tape.closed]).toEqual([0, tape.opened]);
});

test("a station that stops ends it", async () => {
  const sink = new FakeSink();
  join(70, sink);
  await play(5);
  stage.audience.close();
  turn?.();
  await settled();
  expect([sink.ends, turn, tape.opened - tape.closed]).toEqual([1, null, 0]);
});

describe("a place in recordings", () => {
  const issue = (seconds: number) => stage.audience.tickets.issue({ kind: "ago", seconds }, 1);

  test("begins at the oldest of them if less is held", () => {
    expect(issue(100_000)).toMatchObject({ recordedMs: 0 });
  });

  test("is not needed for what the ring holds", () => {
    expect(issue(15)).not.toHaveProperty("recordedMs");
    expect(issue(20.5)).not.toHaveProperty("recordedMs");
  });

  test("is refused before the oldest, and to more listeners than there may be", () => {
    const asked = { kind: "date", wallMs: -10_000 } as const;
    expect(stage.audience.tickets.issue(asked, 1)).toMatchObject({ status: 416 });
    for (let i = 0; i < MOST_IN_PAST; i++) join(70, new FakeSink());
    expect(issue(70)).toMatchObject({ status: 503 });
    expect(issue(10)).toHaveProperty("token");
  });

  test("is not had where nothing is recorded, or a mount is not to be rewound", () => {
    stage.mount.rewind.past = () => null;
    expect(issue(70)).not.toHaveProperty("recordedMs");
  });
});
