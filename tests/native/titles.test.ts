// Inline titles: blocks at exact distance, each title at the audio it belongs to, for any listener and any tick.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { inlineTitle } from "../../src/mount/icy.ts";
import { IcyReader } from "../support/icy.ts";
import { Stage } from "./ears.ts";
import { audio, feed } from "./known-audio.ts";

function setTitle(stage: Stage, title: string): void {
  stage.ring.title(inlineTitle({ artist: "", title }));
}

function read(metaint: number, bytes: Uint8Array): IcyReader {
  const reader = new IcyReader(metaint);
  reader.push(bytes);
  return reader;
}

test("the first block carries the current title, the next only says that nothing has changed", () => {
  using stage = new Stage();
  setTitle(stage, "A - B");
  const listener = stage.join(0, 100);
  feed(stage.ring, 1, { length: 301 });
  stage.tick();
  const heard = stage.ears.of(listener).bytes;
  const block = Buffer.from("\x02StreamTitle='A - B';" + "\0".repeat(12), "latin1");
  const wanted = [audio(0, 100), block, audio(100, 100), [0], audio(200, 100), [0], audio(300, 1)];
  expect(heard.equals(Buffer.concat(wanted.map((part) => Buffer.from(part))))).toBe(true);
});

test("a move continues the count and sends the other ring's title", () => {
  using from = new Stage();
  using to = new Stage();
  setTitle(from, "here");
  setTitle(to, "there");
  const listener = from.join(0, 100);
  feed(from.ring, 1, { length: 150 });
  from.tick();
  const moved = from.broadcaster.move(listener, to.broadcaster, 0)!;
  feed(to.ring, 1, { length: 200 });
  to.tick();
  const { bytes } = from.ears.of(listener);
  const reader = read(100, Buffer.concat([bytes, to.ears.of(moved).bytes]));
  expect(reader.told).toEqual([
    { at: 100, title: "here" },
    { at: 200, title: "there" },
  ]);
});

/** What happens to a mount: frames, titles and ticks in any order. */
type Deed = { frames: number; length: number } | { title: string } | { tick: true };

const frames = fc.record({
  frames: fc.integer({ min: 1, max: 3 }),
  length: fc.integer({ min: 1, max: 700 }),
});
const title = fc.record({ title: fc.string({ unit: "grapheme", maxLength: 80 }) });
const tick = fc.constant<Deed>({ tick: true });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: frames },
  { weight: 1, arbitrary: title },
  { weight: 2, arbitrary: tick },
);

interface Change {
  position: number;
  text: string;
}

/** By the contract: a repeated title is none, and of two at one position the last holds. */
function change(changes: Change[], position: number, text: string): void {
  const newest = changes.at(-1);
  if (newest?.text === text) return;
  if (newest?.position === position) newest.text = text;
  else changes.push({ position, text });
}

/** What a listener from `start` must be told: at each block, the title of the byte behind it if it is news. */
function toBeTold(changes: readonly Change[], start: number, metaint: number, end: number) {
  const told = [];
  let last: Change | undefined;
  for (let at = metaint; start + at < end; at += metaint) {
    const holds = changes.findLast(({ position }) => position <= start + at);
    if (holds !== undefined && holds !== last) told.push({ at, title: titleIn(holds.text) });
    last = holds ?? last;
  }
  return told;
}

function titleIn(text: string): string {
  return text.slice("StreamTitle='".length, -"';".length);
}

function play(stage: Stage, deeds: readonly Deed[], changes: Change[]): void {
  for (const deed of deeds) {
    if ("frames" in deed) feed(stage.ring, deed.frames, { length: deed.length });
    else if ("tick" in deed) stage.tick();
    else {
      const text = inlineTitle({ artist: "", title: deed.title });
      stage.ring.title(text);
      change(changes, stage.ring.head, Buffer.from(text).toString());
    }
  }
}

test("for any metaint, any titles and any ticks every listener reads its audio and its titles exactly", () => {
  const some = fc.array(deed, { maxLength: 25 });
  const anyMetaint = fc.integer({ min: 1, max: 1500 });
  fc.assert(
    fc.property(anyMetaint, anyMetaint, some, some, (early, late, before, after) => {
      using stage = new Stage({ bytes: 1 << 18 });
      const changes: Change[] = [];
      const first = stage.join(0, early);
      play(stage, before, changes);
      const second = stage.join(1, late);
      const start = stage.broadcaster.inspect(second)!.cursor;
      play(stage, after, changes);
      stage.tick();
      const { head } = stage.ring;
      const listeners = [
        { listener: first, start: 0, metaint: early },
        { listener: second, start, metaint: late },
      ];
      for (const { listener, start, metaint } of listeners) {
        const reader = read(metaint, stage.ears.of(listener).bytes);
        expect(reader.audio.equals(audio(start, head - start))).toBe(true);
        expect(reader.told).toEqual(toBeTold(changes, start, metaint, head));
        const blocks = Math.floor(Math.max(0, head - start - 1) / metaint);
        expect(reader.told.length + reader.emptyBlocks).toBe(blocks);
      }
    }),
    { numRuns: 150 },
  );
});

describe("the reader that these tests trust", () => {
  const block = Buffer.from("\x02StreamTitle='A - B';" + "\0".repeat(12), "latin1");
  const stream = Buffer.concat([audio(0, 5), block, audio(5, 5), Buffer.of(0), audio(10, 3)]);

  test("reads the same however the stream is cut", () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const reader = new IcyReader(5);
      reader.push(stream.subarray(0, cut));
      reader.push(stream.subarray(cut));
      expect(reader.told).toEqual([{ at: 5, title: "A - B" }]);
      expect(reader.emptyBlocks).toBe(1);
      expect(reader.audio.equals(audio(0, 13))).toBe(true);
    }
  });

  test.each([
    ["no StreamTitle", "\x01hello" + "\0".repeat(11)],
    ["no NUL", "\x01StreamTitle='a';"],
    ["text after a NUL", "\x02StreamTitle='a';\0b" + "\0".repeat(14)],
    ["a unit of it holds nothing", "\x03StreamTitle='a';" + "\0".repeat(32)],
    ["no StreamTitle", "\x02StreamTitle='a';b';" + "\0".repeat(13)],
    ["data", "\x02StreamTitle='\xff';" + "\0".repeat(16)],
  ])("refuses a block with: %s", (why, text) => {
    const reader = new IcyReader(1);
    expect(() => reader.push(Buffer.from(`.${text}`, "latin1"))).toThrow(why);
  });
});
