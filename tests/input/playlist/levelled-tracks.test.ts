// Tracks of any loudness at one: MP3 by its frames' gain, Opus by its header, both as every decoder understands it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addGain } from "../../../src/format/mpeg/global-gain.ts";
import type { Sound } from "../../../src/input/playlist/sound.ts";
import { Track } from "../../../src/input/playlist/track.ts";
import { feed } from "../../format/feed.ts";
import { framesOf, makeMusic, run } from "../../format/mpeg/mp3-files.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { testDisk } from "../../support/disk.ts";
import { requireProgram } from "../../support/programs.ts";
import { DECODERS } from "../../format/mpeg/mp3-files.ts";

const canRun = ["ffmpeg", "lame", "mpg123"].map(requireProgram).every((path) => path !== null);

let folder = "";
let wav = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "level-"));
  wav = join(folder, "music.wav");
  if (canRun) await makeMusic(wav, 2);
});

afterAll(() => rm(folder, { recursive: true }));

async function encode(name: string, ...options: string[]): Promise<string> {
  const path = join(folder, name);
  await run(["ffmpeg", "-v", "error", "-y", "-i", wav, ...options, path]);
  return path;
}

async function played(path: string, sound: Partial<Sound>): Promise<Uint8Array> {
  const whole = { loudness: -16, trimSilence: "off", measured: null, ...sound } as const;
  const track = await Track.open(path, testDisk(), null, whole);
  const parts: Uint8Array[] = [];
  for (let frames = await track.next(); frames !== null; frames = await track.next()) {
    parts.push(frames.bytes);
  }
  await track.close();
  return Buffer.concat(parts);
}

/** By how many dB the one is louder than the other. */
function louderBy(a: Float32Array, b: Float32Array): number {
  const power = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample ** 2, 0);
  return 10 * Math.log10(power(a) / power(b));
}

describe.skipIf(!canRun)("an MP3 track", () => {
  const options = ["-b:a", "128k", "-metadata", "REPLAYGAIN_TRACK_GAIN=-6.30 dB"];

  test("is played at the loudness that is wanted, and taken back gives the bytes of the file", async () => {
    const path = await encode("tagged.mp3", ...options);
    const audio = await played(path, {});
    const { frames } = feed(createMpegParser(), [audio]);
    const original = await framesOf(path);
    for (const { decode } of DECODERS) {
      const db = louderBy(await decode(frames, folder), await decode(original, folder));
      // -18 + 6.3 LUFS is 4.3 dB above -16: three steps.
      expect(db).toBeCloseTo(-4.515, 1);
    }
    const back = frames.map((frame) => {
      const copy = frame.slice();
      addGain(copy, 3);
      return copy;
    });
    expect(Buffer.compare(Buffer.concat(back), Buffer.concat(original))).toBe(0);
  });

  test("plays as it is with loudness off, or as measured without tags", async () => {
    const tagged = await encode("tagged.mp3", ...options);
    const original = Buffer.concat(await framesOf(tagged));
    expect(original.equals(await played(tagged, { loudness: "off" }))).toBe(true);
    const plain = await encode("plain.mp3", "-b:a", "128k");
    expect(original.equals(await played(plain, {}))).toBe(true);
    const louder = await played(plain, { measured: { loudness: -22, peak: -10 } });
    const { frames } = feed(createMpegParser(), [louder]);
    const decode = DECODERS[0]!.decode;
    const db = louderBy(await decode(frames, folder), await decode(await framesOf(plain), folder));
    expect(db).toBeCloseTo(6.02, 1);
  });
});

describe.skipIf(!canRun)("an Opus track", () => {
  async function decodeOpus(bytes: Uint8Array): Promise<Float32Array> {
    const path = join(folder, "heard.opus");
    await Bun.write(path, bytes);
    const out = await run(["ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-"]);
    return new Float32Array(out.buffer, out.byteOffset, out.length >> 2);
  }

  test("is played at the loudness that is wanted, by the gain in its header alone", async () => {
    const path = await encode("tagged.opus", "-b:a", "96k", "-metadata", "R128_TRACK_GAIN=-2560");
    const [asItIs, levelled] = [await played(path, { loudness: "off" }), await played(path, {})];
    // -23 + 10 LUFS is 3 dB above -16.
    expect(louderBy(await decodeOpus(levelled), await decodeOpus(asItIs))).toBeCloseTo(-3, 2);
    const head = Buffer.from(levelled).indexOf("OpusHead");
    expect(Buffer.from(levelled).readInt16LE(head + 16)).toBe(-3 * 256);
    const sound = { loudness: -16, trimSilence: "off", measured: null } as const;
    const track = await Track.open(path, testDisk(), null, sound);
    expect(track.gain).toBe(-3);
    await track.close();
    // A player that goes by the tag would make it quieter once more.
    expect(Buffer.from(asItIs).includes("R128_TRACK_GAIN")).toBe(true);
    expect(Buffer.from(levelled).includes("R128_TRACK_GAIN")).toBe(false);
  });

  test("is played as measured without tags, and never above -1 dB", async () => {
    const path = await encode("plain.opus", "-b:a", "96k");
    const asItIs = await decodeOpus(await played(path, {}));
    const measured = { loudness: -20, peak: -3 };
    const levelled = await decodeOpus(await played(path, { measured }));
    expect(louderBy(levelled, asItIs)).toBeCloseTo(2, 2);
  });
});
