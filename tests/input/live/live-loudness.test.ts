// A live source's loudness: its frames go in windows to whoever measures, never more than one at a time, never changed.
import { describe, expect, test } from "bun:test";
import type { AudioWindow } from "../../../src/convert/window-meter.ts";
import type { HeardWindow } from "../../../src/convert/job.ts";
import { copyFrames } from "../../../src/format/frame-slice.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { createParser } from "../../../src/format/create-parser.ts";
import { LiveLoudness } from "../../../src/input/live/live-loudness.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import { FRAME_MS } from "../../support/tracks.ts";
import { ManualClock } from "../stage.ts";
import { Dj } from "../playlist/radio.ts";

/** Measured when a test says so. */
function metered() {
  const clock = new ManualClock();
  const waiting: { window: AudioWindow; done: PromiseWithResolvers<HeardWindow> }[] = [];
  const loudness = new LiveLoudness(
    "/stream",
    (window) => {
      const done = Promise.withResolvers<HeardWindow>();
      waiting.push({ window, done });
      return done.promise;
    },
    clock,
  );
  return { clock, waiting, loudness };
}

const FRAMES = mpegFrames(2000);

/** Frames as a source sends them, so many at a time. */
function* batches(from: number, to: number, size = 1) {
  const parser = createMpegParser();
  parser.push(concat(...FRAMES.slice(0, 3)));
  for (let at = from; at < to; at += size)
    yield copyFrames(parser.push(concat(...FRAMES.slice(at, Math.min(to, at + size)))));
}

const NEW = Math.ceil(3000 / FRAME_MS);
const SETTLING = Math.ceil(300 / FRAME_MS);

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

describe("a source", () => {
  test("is measured once it has been there for five seconds, three at a time, with the end of those before", async () => {
    const { clock, waiting, loudness } = metered();
    const dj = new Dj();
    for (const frames of batches(0, 300)) loudness.add(dj, frames);
    expect(waiting).toEqual([]);
    clock.ms = 5000;
    for (const frames of batches(300, 300 + NEW)) loudness.add(dj, frames);
    expect(waiting).toHaveLength(1);
    waiting[0]?.done.resolve({ steps: Array<number>(30).fill(-16), truePeak: -3 });
    await settle();
    const { shortTerm, integrated, truePeak, why } = loudness.of(dj);
    expect([shortTerm, integrated]).toEqual([expect.closeTo(-16, 5), expect.closeTo(-16, 5)]);
    expect([truePeak, why]).toEqual([-3, null]);
    for (const frames of batches(300 + NEW, 300 + 2 * NEW)) loudness.add(dj, frames);
    const second = waiting[1]?.window;
    const audio = concat(...FRAMES.slice(300 + NEW - SETTLING, 300 + 2 * NEW));
    expect(Buffer.from(second?.audio ?? []).equals(Buffer.from(audio))).toBe(true);
    expect([second?.name, second?.skipSteps]).toEqual(["/stream", 4]);
  });

  test("that sends faster than is measured is measured in parts, with one window under way", async () => {
    const { clock, waiting, loudness } = metered();
    const dj = new Dj();
    loudness.add(dj, [...batches(0, 1)][0] ?? copyFrames(createMpegParser().end()));
    clock.ms = 5000;
    for (const frames of batches(0, 2000, 20)) loudness.add(dj, frames);
    expect(waiting).toHaveLength(1);
    waiting[0]?.done.resolve({ steps: [-10, -10, -10], truePeak: null });
    await settle();
    for (const frames of batches(0, 300, 20)) loudness.add(dj, frames);
    waiting[1]?.done.resolve({ steps: [-10, -10, -10], truePeak: null });
    await settle();
    // The windows do not follow each other, so no block of 400 ms is complete.
    expect(loudness.of(dj)).toMatchObject({ integrated: null, truePeak: null });
  });

  test("that follows another begins anew, and a playlist is none", () => {
    const { clock, waiting, loudness } = metered();
    const [dj, other] = [new Dj(), new Dj()];
    const playlist = Object.assign(new Dj(), { isLive: false });
    for (const input of [dj, playlist, other]) {
      for (const frames of batches(0, 1)) loudness.add(input, frames);
    }
    clock.ms = 5000;
    for (const frames of batches(0, 300)) loudness.add(playlist, frames);
    expect(waiting).toEqual([]);
    expect(loudness.of(dj)).toEqual({
      shortTerm: null,
      integrated: null,
      truePeak: null,
      why: null,
    });
  });

  test("that has left is forgotten, one that is still there is not", async () => {
    const { clock, waiting, loudness } = metered();
    const dj = new Dj();
    for (const frames of batches(0, 1)) loudness.add(dj, frames);
    clock.ms = 5000;
    for (const frames of batches(0, 300, 20)) loudness.add(dj, frames);
    waiting[0]?.done.resolve({ steps: Array<number>(30).fill(-16), truePeak: -3 });
    await settle();
    loudness.follow([new Dj(), dj]);
    expect(loudness.of(dj).truePeak).toBe(-3);
    loudness.follow([new Dj()]);
    expect(loudness.of(dj).truePeak).toBeNull();
  });

  test("that cannot be decoded is tried three times, and says why", async () => {
    const { clock, waiting, loudness } = metered();
    const dj = new Dj();
    for (const frames of batches(0, 1)) loudness.add(dj, frames);
    clock.ms = 5000;
    for (let turn = 0; turn < 5; turn++) {
      for (const frames of batches(0, 300, 20)) loudness.add(dj, frames);
      waiting[turn]?.done.reject(new Error("it is odd"));
      await settle();
    }
    expect(waiting).toHaveLength(3);
    expect(loudness.of(dj).why).toBe("it is odd");
  });

  test("in AAC says that it is not measured", () => {
    const { clock, waiting, loudness } = metered();
    const format = { codec: "aac", sampleRate: 44_100, channels: 2 } as const;
    const dj = Object.assign(new Dj(), { format });
    for (let second = 0; second < 20; second++) {
      clock.ms = second * 1000;
      for (const frames of batches(0, 40)) loudness.add(dj, frames);
    }
    expect(waiting).toEqual([]);
    expect(loudness.of(dj).why).toBe("AAC has no decoder here");
    expect(createParser("aac")).not.toBeNull();
  });
});
