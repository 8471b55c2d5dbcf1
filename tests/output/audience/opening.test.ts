// What a listener gets first of an MP3 stream: frames that a decoder can play from their first one on.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readLayer3 } from "../../../src/format/mpeg/layer3.ts";
import { createMpegParser, parseMpegHeader } from "../../../src/format/sync/mpeg.ts";
import { withBlocks } from "../../../src/output/audience/opening.ts";
import {
  FIRST_EQUAL_SAMPLE,
  hasMp3Programs,
  DECODERS,
  encode,
  framesOf,
  makeMusic,
} from "../../format/mpeg/mp3-files.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import { feed } from "../../format/feed.ts";
import { IcyReader } from "../../support/icy.ts";
import { FakeSink } from "../fake-sink.ts";
import { Stage } from "../stage.ts";

let folder = "";
let wav = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "opening-"));
  wav = join(folder, "music.wav");
  if (hasMp3Programs) await makeMusic(wav, 1.5);
});

afterAll(() => rm(folder, { recursive: true }));

function write({ mount, input, clock }: Stage, frames: readonly Uint8Array[]): void {
  const batch = createMpegParser();
  const first = batch.push(concat(...frames));
  mount.write(input, first, clock.now);
}

interface Joiner {
  readonly sink: FakeSink;
  readonly sentBytes: number;
}

function come(stage: Stage, wantsIcy = false): Joiner {
  const sink = new FakeSink();
  const listener = stage.join(sink, wantsIcy);
  return { sink, sentBytes: stage.audience.stateOf(listener)?.sentBytes ?? 0 };
}

/** Frames of a stream whose first one is the `at`th of `frames`, a silent one in front not counted. */
function placeOf(frames: readonly Uint8Array[], heard: readonly Uint8Array[]) {
  const known = frames.map((frame) => Buffer.from(frame).toString("latin1"));
  const last = known.lastIndexOf(Buffer.from(heard.at(-1)!).toString("latin1"));
  const at = last + 1 - heard.length;
  return {
    at,
    changed: heard.findIndex((frame, i) => Buffer.compare(frame, frames[at + i]!) === 0),
  };
}

const kinds = ["CBR 128", "CBR 320", "V0", "CRC 128", "8 kHz 8 mono"];

describe.skipIf(!hasMp3Programs)("a listener who joins", () => {
  test.each(kinds)(
    "a stream of %s hears what all others hear from the 1040th sample on",
    async (kind) => {
      const frames = await framesOf(await encode(wav, kind));
      using stage = new Stage({ burstSeconds: 1 });
      const { samples, format } = parseMpegHeader(frames[0]!)!;
      let changes = 0;
      for (let at = 0; at < frames.length; at += 7) {
        write(stage, frames.slice(at, at + 7));
        const written = Math.min(frames.length, at + 7);
        const { sink, sentBytes } = come(stage);
        expect(sentBytes).toBe(sink.bytes.length);
        const { frames: heard } = feed(createMpegParser(), [sink.bytes]);
        if (heard.length < 5) continue;
        const { at: from, changed } = placeOf(frames.slice(0, written), heard);
        changes += changed;
        // One frame may be in front, or in the place of the first.
        expect(changed).toBeLessThanOrEqual(1);
        const isLast = at + 7 >= frames.length;
        if (!isLast && at !== 35) continue;
        // A silent frame in front is no part of what is played.
        const early = readLayer3(heard[0]!)!.needBytes === 0 ? samples : 0;
        for (const { decode } of DECODERS) {
          const whole = await decode(frames.slice(0, written), folder);
          const joined = await decode(heard, folder);
          for (let i = (early + FIRST_EQUAL_SAMPLE) * format.channels; i < joined.length; i++) {
            const other = whole[i + from * samples * format.channels] ?? Number.NaN;
            if (Math.abs(joined[i]! - other) < 1 / 32768) continue;
            throw new Error(`${kind}: sample ${i / format.channels} is another`);
          }
        }
      }
      if (frames.some((frame) => readLayer3(frame)!.mainDataBegin > 0))
        expect(changes).toBeGreaterThan(0);
    },
  );

  test("without a burst hears the newest frame behind a silent one", async () => {
    const frames = await framesOf(await encode(wav, "CBR 128"));
    using stage = new Stage({ burstSeconds: 0 });
    const at = frames.findIndex((frame, i) => i > 10 && readLayer3(frame)!.mainDataBegin > 20);
    write(stage, frames.slice(0, at + 1));
    const { frames: heard } = feed(createMpegParser(), [come(stage).sink.bytes]);
    expect(heard.map((frame) => readLayer3(frame)!.needBytes === 0)).toEqual([true, false]);
    expect(heard[1]).toEqual(frames[at]!);
  });

  test.each([256, 300, 4096, 16_000])(
    "with titles after every %d bytes gets the same audio",
    async (metaint) => {
      const frames = await framesOf(await encode(wav, "CBR 320"));
      using stage = new Stage({ burstSeconds: 1, metadata: { icyMetaint: metaint } });
      for (let at = 0; at < frames.length; at += 5) {
        write(stage, frames.slice(at, at + 5));
        const [plain, titled] = [come(stage), come(stage, true)];
        const reader = new IcyReader(metaint);
        reader.push(titled.sink.bytes);
        expect(Buffer.compare(reader.audio, plain.sink.bytes)).toBe(0);
        expect(titled.sentBytes).toBe(titled.sink.bytes.length);
        if (reader.audioLength > 2 * metaint + 1500) expect(reader.titles).toHaveLength(1);
      }
    },
  );

  test("gets them in one write with what follows, or in front of what the core writes", async () => {
    const frames = await framesOf(await encode(wav, "CBR 128"));
    using stage = new Stage({ burstSeconds: 1 });
    write(stage, frames);
    expect(come(stage).sink.writes).toHaveLength(1);
  });

  test("only to look gets the same", async () => {
    const frames = await framesOf(await encode(wav, "CBR 128"));
    using stage = new Stage({ burstSeconds: 1 });
    write(stage, frames);
    const sink = new FakeSink();
    stage.audience.sample(sink);
    expect(sink.bytes.equals(come(stage).sink.bytes)).toBe(true);
  });
});

describe("a listener of audio that refers to nothing before it, or that cannot be read", () => {
  test.each(["zero", "noise", "nasty"] as const)("gets the ring's own bytes: %s", (payload) => {
    using stage = new Stage({ burstSeconds: 0.5 });
    const frames = mpegFrames(60, { payload, seed: 7 });
    write(stage, frames);
    const heard = come(stage).sink.bytes;
    expect(concat(...frames).subarray(-heard.length)).toEqual(new Uint8Array(heard));
  });
});

test("500 listeners a second cost a small part of a core", () => {
  using stage = new Stage({ burstSeconds: 5, bufferBytes: 4 << 20 });
  // Each refers back, so that each place where one can join is worked out anew.
  const frames = mpegFrames(600, { payload: "zero", mode: "stereo", bitrate: 128 });
  for (const frame of frames) frame.set([0x40, 0], 4);
  write(stage, frames.slice(0, 400));
  const began = process.cpuUsage();
  for (let i = 0; i < 500; i++) {
    if (i % 13 === 0) write(stage, [frames[400 + i / 13]!]);
    const listener = stage.join(new FakeSink());
    stage.audience.leave(listener, "over");
  }
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1000).toBeLessThan(250);
});

test("blocks without a title stand after each metaint of the bytes that is followed by more", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5);
  expect([...withBlocks(bytes, 2)]).toEqual([1, 2, 0, 3, 4, 0, 5]);
  expect([...withBlocks(bytes, 5)]).toEqual([1, 2, 3, 4, 5]);
  expect([...withBlocks(bytes, 0)]).toEqual([1, 2, 3, 4, 5]);
});
