// Frames read ahead: in order, whole, each once its time has come, and dropped by track.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Frames } from "../../../src/format/frame.ts";
import { copyFrames, sliceFrames } from "../../../src/format/frame-slice.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { FrameQueue } from "../../../src/input/playlist/frame-queue.ts";
import { Schedule } from "../../../src/input/schedule.ts";
import { concat } from "../../format/mpeg-builder.ts";
import { FRAME_MS, trackFrames } from "../../support/tracks.ts";

interface FakeTrack {
  readonly name: string;
  readonly format: {
    readonly codec: "mp3";
    readonly sampleRate: number;
    readonly channels: number;
  };
}

const track = (name: string): FakeTrack => ({
  name,
  format: { codec: "mp3", sampleRate: 44_100, channels: 2 },
});

function batch(frames: readonly Uint8Array[]): Frames {
  const parser = createMpegParser();
  const first = copyFrames(parser.push(concat(...frames)));
  // A single frame waits for its successor.
  const pushed = first.count > 0 ? first : copyFrames(parser.end());
  expect(pushed.count).toBe(frames.length);
  return pushed;
}

function takeAll(queue: FrameQueue<FakeTrack>, schedule: Schedule, nowMs: number) {
  return [...queue.takeDue(schedule, nowMs)].map(({ track, frames }) => ({
    track: track.name,
    bytes: frames.bytes.slice(),
    count: frames.count,
  }));
}

describe("a slice of frames", () => {
  const frames = trackFrames(1, 20, true);
  const joined = (from: number, to: number) => Buffer.concat(frames.slice(from, to));

  test("is the frames between two numbers, with their table, samples and seconds", () => {
    const all = batch(frames);
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const slice = sliceFrames(all, from, to);
        expect(joined(from, to).equals(slice.bytes)).toBe(true);
        expect(slice.count).toBe(to - from);
        expect([...slice.table]).toEqual([...all.table.subarray(from * 3, to * 3)]);
        expect([...slice.samples]).toEqual(Array.from({ length: to - from }, () => 1152));
        expect(slice.seconds).toBeCloseTo(((to - from) * FRAME_MS) / 1000, 9);
      }),
    );
  });

  test("that is copied does not change with the parser's memory", () => {
    const parser = createMpegParser();
    const copy = copyFrames(parser.push(concat(...frames.slice(0, 4))));
    parser.push(concat(...frames.slice(4)));
    expect(joined(0, 4).equals(copy.bytes)).toBe(true);
  });
});

describe("a queue", () => {
  test("gives a frame when its time has come, not before", () => {
    const [queue, schedule] = [new FrameQueue<FakeTrack>(), new Schedule()];
    const frames = trackFrames(1, 3);
    queue.push(track("a"), batch(frames));
    schedule.anchor(1000);
    expect(takeAll(queue, schedule, 999)).toEqual([]);
    expect(takeAll(queue, schedule, 1000)).toEqual([
      { track: "a", bytes: concat(frames[0]!), count: 1 },
    ]);
    expect(takeAll(queue, schedule, 1000 + FRAME_MS - 0.001)).toEqual([]);
    expect(takeAll(queue, schedule, 1000 + FRAME_MS).length).toBe(1);
  });

  test("gives what is late at once, a batch for each that was pushed, and then is empty", () => {
    const [queue, schedule] = [new FrameQueue<FakeTrack>(), new Schedule()];
    const [first, second] = [trackFrames(1, 3), trackFrames(2, 2)];
    queue.push(track("a"), batch(first));
    queue.push(track("b"), batch(second));
    expect(takeAll(queue, schedule, 10_000)).toEqual([
      { track: "a", bytes: concat(...first), count: 3 },
      { track: "b", bytes: concat(...second), count: 2 },
    ]);
    expect([queue.isEmpty, queue.seconds]).toEqual([true, 0]);
    expect(schedule.dueMs).toBeCloseTo(5 * FRAME_MS, 9);
  });

  test("is not empty while its last batch is being used", () => {
    const [queue, schedule] = [new FrameQueue<FakeTrack>(), new Schedule()];
    queue.push(track("a"), batch(trackFrames(1, 2)));
    for (const _ of queue.takeDue(schedule, 1000)) expect(queue.isEmpty).toBe(false);
    expect(queue.isEmpty).toBe(true);
  });

  test("knows how long it will play, and whose frames are next", () => {
    const [queue, schedule] = [new FrameQueue<FakeTrack>(), new Schedule()];
    expect(queue.track).toBeNull();
    queue.push(track("a"), batch(trackFrames(1, 4)));
    queue.push(track("b"), batch(trackFrames(2, 6)));
    expect(queue.seconds).toBeCloseTo((10 * FRAME_MS) / 1000, 9);
    takeAll(queue, schedule, 5 * FRAME_MS);
    expect(queue.seconds).toBeCloseTo((4 * FRAME_MS) / 1000, 9);
    expect(queue.track?.name).toBe("b");
  });

  test("drops what is left of one track and keeps the others whole", () => {
    const [queue, schedule] = [new FrameQueue<FakeTrack>(), new Schedule()];
    const [a, b] = [track("a"), track("b")];
    queue.push(a, batch(trackFrames(1, 4)));
    queue.push(a, batch(trackFrames(2, 4)));
    queue.push(b, batch(trackFrames(3, 4)));
    takeAll(queue, schedule, FRAME_MS);
    queue.drop(a);
    expect(queue.seconds).toBeCloseTo((4 * FRAME_MS) / 1000, 9);
    expect(queue.track?.name).toBe("b");
    queue.drop(b);
    expect([queue.isEmpty, queue.seconds]).toEqual([true, 0]);
  });

  test("takes no empty batch", () => {
    const queue = new FrameQueue<FakeTrack>();
    queue.push(track("a"), createMpegParser().end());
    expect(queue.isEmpty).toBe(true);
  });

  test("gives every frame in order whatever the ticks are", () => {
    const pushes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    const ticks = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(pushes, ticks, (counts, steps) => {
        const [queue, schedule] = [new FrameQueue<FakeTrack>(), new Schedule()];
        const all = counts.flatMap((count, i) => {
          const frames = trackFrames(i + 1, count, true);
          queue.push(track(String(i)), batch(frames));
          return frames;
        });
        schedule.anchor(0);
        let nowMs = 0;
        const taken: Uint8Array[] = [];
        let count = 0;
        for (const step of [...steps, 1e9]) {
          nowMs += step;
          for (const due of takeAll(queue, schedule, nowMs)) {
            taken.push(due.bytes);
            count += due.count;
          }
          const due = Math.min(all.length, Math.floor(nowMs / FRAME_MS + 1e-9) + 1);
          expect(count).toBe(due);
        }
        expect(Buffer.concat(taken).equals(concat(...all))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe("frames that were joined to those before them", () => {
  const [a, b] = [track("a"), track("b")];
  const first = batch(trackFrames(1, 3));
  const [joined, alone] = [batch(trackFrames(2, 4)), batch(trackFrames(3, 4))];

  function heardOf(queue: FrameQueue<FakeTrack>): Uint8Array {
    return Buffer.concat(takeAll(queue, new Schedule(), 10_000).map(({ bytes }) => bytes));
  }

  test("play as they are behind these", () => {
    const queue = new FrameQueue<FakeTrack>();
    queue.push(a, first);
    queue.push(b, joined, alone);
    expect(heardOf(queue)).toEqual(Buffer.concat([first.bytes, joined.bytes]));
  });

  test("play otherwise when these are dropped, and when something else was heard before them", () => {
    for (const waiting of [true, false]) {
      const queue = new FrameQueue<FakeTrack>();
      if (waiting) queue.push(a, first);
      queue.push(b, joined, alone);
      queue.drop(a);
      expect(heardOf(queue)).toEqual(Buffer.from(alone.bytes));
    }
  });
});

test("the last frames that wait are those that were not taken, through all batches", () => {
  const queue = new FrameQueue<FakeTrack>();
  const frames = trackFrames(1, 6);
  queue.push(track("a"), batch(frames.slice(0, 3)));
  queue.push(track("b"), batch(frames.slice(3)));
  expect(queue.last(2)).toEqual(frames.slice(4));
  expect(queue.last(5)).toEqual(frames.slice(1));
  expect(queue.last(64)).toEqual(frames);
  takeAll(queue, new Schedule(), FRAME_MS * 1.5);
  expect(queue.last(64)).toEqual(frames.slice(2));
});
