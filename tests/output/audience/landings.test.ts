// Listeners who are moved between mounts of MP3: a decoder has all that the first frame refers to.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyFrames, sliceFrames } from "../../../src/format/frame-slice.ts";
import type { Frames } from "../../../src/format/frame.ts";
import { readLayer3 } from "../../../src/format/mpeg/layer3.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import {
  DECODERS,
  encode,
  FIRST_EQUAL_SAMPLE,
  framesOf,
  hasMp3Programs,
  makeMusic,
} from "../../format/mpeg/mp3-files.ts";
import { feed } from "../../format/feed.ts";
import { concat } from "../../format/mpeg-builder.ts";
import { IcyReader } from "../../support/icy.ts";
import { FakeSink } from "../fake-sink.ts";
import { Stage } from "../stage.ts";

const METAINT = 700;
const CHANNELS = 2;

/** A step of 16 bits. */
const EQUAL = 1 / 32_768;

let folder: string;
let here: Uint8Array[];
let there: Uint8Array[];

beforeAll(async () => {
  if (!hasMp3Programs) return;
  folder = await mkdtemp(join(tmpdir(), "cycast-landings-"));
  const wav = join(folder, "music.wav");
  await makeMusic(wav, 6);
  here = await framesOf(await encode(wav, "CBR 128"));
  there = await framesOf(await encode(wav, "forced joint"));
});

afterAll(async () => {
  if (hasMp3Programs) await rm(folder, { recursive: true });
});

function batch(frames: readonly Uint8Array[]): Frames {
  const parsed = createMpegParser().push(concat(...frames, frames[0]!));
  return sliceFrames(copyFrames(parsed), 0, frames.length);
}

function play({ mount, input, clock, audience }: Stage, frames: readonly Uint8Array[]): void {
  const step = 3;
  for (let at = 0; at + step <= frames.length; at += step) {
    mount.write(input, batch(frames.slice(at, at + step)), clock.now);
    clock.now += (step * 1152) / 44.1;
    while (audience.tick(clock.now) > 0);
  }
}

/** The frame that refers to most of those before it. */
function farthest(frames: readonly Uint8Array[]): number {
  const [most] = Array.from({ length: 30 }, (_, at) => 63 + 3 * at).toSorted(
    (a, b) => reach(frames[b]!) - reach(frames[a]!),
  );
  expect(reach(frames[most!]!)).toBeGreaterThan(100);
  return most!;
}

const reach = (frame: Uint8Array) => readLayer3(frame)!.mainDataBegin;

/** The first sample per channel from which both are equal to their end. */
function equalFrom(a: Float32Array, b: Float32Array): number {
  let at = Math.min(a.length, b.length);
  while (at > 0 && Math.abs(a[at - 1]! - b[at - 1]!) < EQUAL) at--;
  return Math.ceil(at / CHANNELS);
}

describe.skipIf(!hasMp3Programs)("a listener that is moved between two mounts of MP3", () => {
  test.each([
    ["plain", false],
    ["ICY", true],
  ])("is decoded there as by itself, and back again (%s)", async (_, wantsIcy) => {
    const config = { metadata: { icyMetaint: METAINT }, burstSeconds: 1 };
    using from = new Stage(config);
    using to = new Stage(config);
    const cut = farthest(there);
    play(from, here.slice(0, 60));
    play(to, there.slice(0, cut));
    const sink = new FakeSink();
    const listener = from.join(sink, wantsIcy);
    const audio = () => {
      if (!wantsIcy) return sink.bytes;
      const reader = new IcyReader(METAINT);
      reader.push(sink.bytes);
      return reader.audio;
    };
    from.audience.move(to.audience, [listener]);
    const before = audio().length;
    play(to, there.slice(cut, cut + 60));
    const back = farthest(here);
    play(from, here.slice(60, back));
    to.audience.move(from.audience, [listener]);
    const middle = audio().length;
    play(from, here.slice(back, back + 60));
    from.audience.move(to.audience, [listener]); // it has all that was written
    const parts = [
      audio().subarray(0, before),
      audio().subarray(before, middle),
      audio().subarray(middle),
    ];
    const [first, second, third] = parts.map((part) => framesIn(part));
    expect([second!.length, third!.length]).toEqual([60, 60]);
    for (const { decode } of DECODERS) {
      const all = await decode([...first!, ...second!, ...third!], folder);
      const starts = [first!.length, first!.length + second!.length];
      for (const [at, whole, begin, length] of [
        [starts[0]!, await decode(there, folder), cut, 60],
        [starts[1]!, await decode(here, folder), back, 60],
      ] as const) {
        const size = 1152 * CHANNELS;
        const heard = all.subarray(at * size, (at + length) * size);
        const alone = whole.subarray(begin * size, (begin + length) * size);
        expect(equalFrom(alone, heard)).toBeLessThanOrEqual(FIRST_EQUAL_SAMPLE);
      }
    }
  });
});

function framesIn(bytes: Uint8Array): Uint8Array[] {
  return feed(createMpegParser(), [bytes]).frames;
}
