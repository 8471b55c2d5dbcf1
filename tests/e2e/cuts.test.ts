import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  carry,
  freeAfter,
  type Joined,
  joinFrames,
  overwriteEnd,
} from "../../src/format/mpeg/join.ts";
import { readLayer3 } from "../../src/format/mpeg/layer3.ts";
import { Reservoir } from "../../src/format/mpeg/reservoir.ts";
import { parseMpegHeader } from "../../src/format/sync/mpeg.ts";
import { concat } from "../format/mpeg-builder.ts";
import {
  FIRST_EQUAL_SAMPLE,
  hasMp3Programs,
  DECODERS,
  encode,
  framesOf,
  KINDS,
  makeMusic,
} from "../format/mpeg/mp3-files.ts";

let folder = "";
let wav = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "join-"));
  wav = join(folder, "music.wav");
  if (hasMp3Programs) await makeMusic(wav, 1.5);
});

afterAll(() => rm(folder, { recursive: true }));

function headerOf(frames: readonly Uint8Array[]) {
  return parseMpegHeader(frames[0]!)!;
}

/** The bytes of the slots before a frame, as a decoder has them. */
function before(frames: readonly Uint8Array[], at: number): Uint8Array {
  const reservoir = new Reservoir();
  for (const frame of frames.slice(0, at)) reservoir.push(frame);
  return reservoir.bytes;
}

/** The frames from `at` on, as they are sent after the cut. */
function applied(frames: readonly Uint8Array[], at: number, joined: Joined): Uint8Array[] {
  return [...joined.frames, ...frames.slice(at + joined.replaced)];
}

function samplesIn(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, frame) => sum + parseMpegHeader(frame)!.samples, 0);
}

/** One step of 16-bit audio. */
const EQUAL = 1 / 32768;

/** The first sample, counted per channel, from which both are equal to the end; both begin with the same frame. */
function equalFrom(a: Float32Array, b: Float32Array, channels: number): number {
  const length = Math.min(a.length, b.length);
  expect(length).toBeGreaterThan(0);
  let at = length;
  while (at > 0 && Math.abs(a[at - 1]! - b[at - 1]!) < EQUAL) at--;
  return Math.ceil(at / channels);
}

/** Where a cut's sound becomes that of the uncut frames, by the worse decoder; `early` silent frames stand in front. */
async function settledAt(
  frames: readonly Uint8Array[],
  at: number,
  sent: readonly Uint8Array[],
  early = 0,
): Promise<number> {
  const { samples, format } = headerOf(frames);
  const settled = await Promise.all(
    DECODERS.map(async ({ decode }) => {
      const [whole, cut] = [await decode(frames, folder), await decode(sent, folder)];
      const from = at * samples * format.channels;
      const played = cut.subarray(early * samples * format.channels);
      expect(whole.length - from - played.length).toBe(0);
      return equalFrom(whole.subarray(from), played, format.channels);
    }),
  );
  return Math.max(...settled);
}

const kinds = Object.keys(KINDS);
const places = [0.37, 0.74];

describe.skipIf(!hasMp3Programs)("a stream that begins at any frame", () => {
  test.each(kinds)("of %s decodes like the uncut one from its 1040th sample on", async (kind) => {
    const frames = await framesOf(await encode(wav, kind));
    for (const place of places) {
      const at = Math.floor(frames.length * place);
      const history = before(frames, at);
      const joined = joinFrames(frames.slice(at, at + 2), history);
      const carrier = carry(frames[at]!, history);
      expect(carrier).not.toBeNull();
      const opened = joined ?? carrier!;
      const sent = applied(frames, at, opened);
      const early = opened.frames.length - opened.replaced;
      expect(samplesIn(sent)).toBe(samplesIn(frames.slice(at)) + early * headerOf(frames).samples);
      expect(await settledAt(frames, at, sent, early)).toBeLessThanOrEqual(FIRST_EQUAL_SAMPLE);
      const after = concat(...sent.slice(opened.frames.length));
      expect(Buffer.compare(after, concat(...frames.slice(at + opened.replaced)))).toBe(0);
    }
  });

  test.each(kinds.filter((_, i) => i % 4 === 0))(
    "of %s does so behind a silent frame too",
    async (kind) => {
      const frames = await framesOf(await encode(wav, kind));
      const at = Math.floor(frames.length * 0.55);
      const carrier = carry(frames[at]!, before(frames, at))!;
      const sent = applied(frames, at, carrier);
      expect(await settledAt(frames, at, sent, 1)).toBeLessThanOrEqual(FIRST_EQUAL_SAMPLE);
    },
  );

  test("does not without", async () => {
    const frames = await framesOf(await encode(wav, "CBR 128"));
    const at = frames.findIndex((frame, i) => i > 20 && readLayer3(frame)!.mainDataBegin > 100);
    const settled = await settledAt(frames, at, frames.slice(at)).catch(() => Infinity);
    expect(settled).toBeGreaterThan(FIRST_EQUAL_SAMPLE);
  });
});

/** Pairs that may follow each other on one mount. */
const pairs: [string, string][] = [
  ["CBR 128", "CBR 192"],
  ["CBR 192", "CBR 64"],
  ["CBR 320", "CBR 128"],
  ["CBR 128", "CBR 320"],
  ["CBR 320", "CBR 320"],
  ["CBR 256", "V2"],
  ["V0", "V9"],
  ["V9", "CBR 256"],
  ["ABR 150", "CRC 128"],
  ["CRC 320", "V5"],
  ["no reservoir", "CBR 128"],
  ["dual channel", "forced joint"],
  ["mono 64", "mono V4"],
  ["CRC mono V3", "mono 320"],
  ["22.05 kHz 48", "22.05 kHz 48"],
  ["24 kHz 160", "CRC at 24 kHz"],
  ["12 kHz 24", "12 kHz 24"],
  ["8 kHz 8 mono", "8 kHz 8 mono"],
];

interface Seam {
  readonly first: Uint8Array[];
  readonly second: Uint8Array[];
  readonly changed: number;
}

/** The first frames of one stream and the last of another, as they are sent one after the other. */
function seam(a: readonly Uint8Array[], b: readonly Uint8Array[], at: number): Seam | null {
  const first = a.map((frame) => frame.slice());
  const joined = joinFrames(b.slice(at), before(b, at), freeAfter(first.at(-1)!));
  if (joined === null) return null;
  overwriteEnd(first, joined.borrowed);
  return { first, second: applied(b, at, joined), changed: joined.replaced };
}

describe.skipIf(!hasMp3Programs)("two streams that are joined", () => {
  test.each(pairs)(
    "of %s and %s decode as by themselves, up to the seam and from 1039 samples behind it",
    async (one, other) => {
      const a = await framesOf(await encode(wav, one));
      const b = await framesOf(await encode(wav, other));
      const { samples, format } = headerOf(a);
      for (const [toA, fromB] of [
        [0.4, 0.5],
        [0.7, 0.3],
      ] as const) {
        const kept = a.slice(0, Math.floor(a.length * toA));
        const at = Math.floor(b.length * fromB);
        const joined = seam(kept, b, at);
        if (joined === null) {
          // Without stuffing before it, a stream at the highest bit rate has no room to move into.
          expect(other).toContain("320");
          continue;
        }
        const sent = [...joined.first, ...joined.second];
        expect(samplesIn(sent)).toBe(samplesIn(kept) + samplesIn(b.slice(at)));
        for (const { decode } of DECODERS) {
          const [alone, whole, both] = [
            await decode(kept, folder),
            await decode(b, folder),
            await decode(sent, folder),
          ];
          // What a decoder adds at an end without a successor is not part of the frames.
          const seamAt = kept.length * samples * format.channels;
          expect(alone.length).toBe(seamAt);
          expect(equalFrom(alone, both.subarray(0, seamAt), format.channels)).toBe(0);
          const from = at * samples * format.channels;
          const settled = equalFrom(whole.subarray(from), both.subarray(seamAt), format.channels);
          expect(settled).toBeLessThanOrEqual(FIRST_EQUAL_SAMPLE);
        }
      }
    },
  );
});
