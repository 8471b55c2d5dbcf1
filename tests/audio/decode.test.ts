// Every kind of file decodes to the tone it holds, for as long as it lasts, sample for sample as ffmpeg hears it.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { AudioFile } from "../../src/audio/audio-file.ts";
import { decodeBuiltIn } from "../../src/audio/decode.ts";
import { decodeFile } from "../../src/audio/open-audio.ts";
import { lengthOf, type Pcm, type PcmStream } from "../../src/audio/pcm.ts";
import { scratch } from "../support/station.ts";
import {
  ffmpeg,
  ffmpegSamples,
  KINDS,
  makeKind,
  pitchOf,
  runFfmpeg,
  SECONDS,
  TONE_HERTZ,
} from "./synth.ts";

// Programs wait for all others on a busy machine.
setDefaultTimeout(120_000);

let folder: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  folder = await scratch();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function all(pieces: PcmStream): Promise<{ rate: number; channels: Float32Array[] }> {
  const parts: Pcm[] = [];
  for await (const pcm of pieces) {
    parts.push({ ...pcm, channels: pcm.channels.map((samples) => samples.slice()) });
  }
  const [first] = parts;
  if (first === undefined) throw new Error("no audio");
  const channels = first.channels.map((_, at) => {
    const joined = new Float32Array(parts.reduce((sum, part) => sum + lengthOf(part), 0));
    let to = 0;
    for (const part of parts) {
      joined.set(part.channels[at] ?? [], to);
      to += lengthOf(part);
    }
    return joined;
  });
  return { rate: first.sampleRate, channels };
}

/** Root mean square of the difference, relative to the sound. */
function difference(a: Float32Array, b: Float32Array): number {
  let [error, power] = [0, 0];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    error += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
    power += (b[i] ?? 0) ** 2;
  }
  return Math.sqrt(error / power);
}

describe.skipIf(ffmpeg === null)("decoding", () => {
  test.each(Object.keys(KINDS))("%s", async (name) => {
    const [rate, channels] = KINDS[name] ?? [0, 0];
    const path = await makeKind(folder.path, name);
    using file = AudioFile.open(path);
    const decoded = await all(decodeBuiltIn(file));
    expect({ rate: decoded.rate, channels: decoded.channels.length }).toEqual({
      rate,
      channels: Math.min(2, channels),
    });
    const [left = new Float32Array()] = decoded.channels;
    expect(Math.abs(left.length / rate - SECONDS)).toBeLessThan(0.05);
    expect(Math.abs(pitchOf(left, rate) - TONE_HERTZ)).toBeLessThan(1);
    // Layer II has no encoder delay in its file, and surround is mixed by other factors.
    if (channels > 2 || name.endsWith(".mp2")) return;
    expect(difference(left, await ffmpegSamples(path, rate))).toBeLessThan(0.01);
  });

  test("tags around the audio are no audio: ID3v2 with a picture of 3 MB, APE and Lyrics3", async () => {
    const plain = await Bun.file(await makeKind(folder.path, "cbr.mp3")).bytes();
    const picture = Buffer.alloc(3 << 20, 0xff);
    const size = picture.length + 10;
    const syncsafe = [21, 14, 7, 0].map((shift) => (size >> shift) & 127);
    const frameSize = [21, 14, 7, 0].map((shift) => (picture.length >> shift) & 127);
    const id3 = Buffer.concat([
      Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, ...syncsafe]),
      Buffer.from([0x41, 0x50, 0x49, 0x43, ...frameSize, 0, 0]),
      picture,
    ]);
    const lyrics = "LYRICSBEGININD0000200000021LYRICS200";
    const id3v1 = "TAG".padEnd(128, "\0");
    const path = `${folder.path}/tagged.mp3`;
    await Bun.write(path, Buffer.concat([id3, plain, Buffer.from(lyrics + id3v1)]));
    using file = AudioFile.open(path);
    const { channels } = await all(decodeBuiltIn(file));
    expect(channels[0]?.length).toBe(44_100 * SECONDS);
  });

  test("noise between frames of MP3 is passed over", async () => {
    const plain = await Bun.file(await makeKind(folder.path, "cbr.mp3")).bytes();
    const [short, noise] = [Buffer.alloc(20_000, 5), Buffer.alloc(100_000, 5)];
    const path = `${folder.path}/noisy.mp3`;
    await Bun.write(
      path,
      Buffer.concat([short, plain.subarray(0, 20_000), noise, plain.subarray(20_000)]),
    );
    using file = AudioFile.open(path);
    const { rate, channels } = await all(decodeBuiltIn(file));
    expect(Math.abs((channels[0]?.length ?? 0) / rate - SECONDS)).toBeLessThan(0.1);
  });

  test.each([
    ["m4a", "-c:a aac"],
    ["alac.m4a", "-c:a alac"],
    ["wma", "-c:a wmav2"],
    ["adpcm.wav", "-c:a adpcm_ms"],
    ["ulaw.wav", "-c:a pcm_mulaw"],
  ])("ffmpeg decodes %s, whatever its name looks like", async (ending, args) => {
    const path = `${folder.path}/-i http:x.${ending}`;
    const tone = `sine=f=${TONE_HERTZ}:r=44100:d=${SECONDS}`;
    await runFfmpeg(["-f", "lavfi", "-i", tone, "-ac", "2", ...args.split(" "), `file:${path}`]);
    using file = AudioFile.open(path);
    const { rate, channels } = await all(decodeFile(file));
    const [left = new Float32Array()] = channels;
    expect(Math.abs(left.length / rate - SECONDS)).toBeLessThan(0.05);
    expect(Math.abs(pitchOf(left, rate) - TONE_HERTZ)).toBeLessThan(1);
    expect(channels.length).toBe(2);
  });

  test("without ffmpeg the reason names what the file is, and the remedy", async () => {
    const path = `${folder.path}/song.m4a`;
    await runFfmpeg(["-f", "lavfi", "-i", "sine=d=1", path]);
    using file = AudioFile.open(path);
    await expect(all(decodeFile(file, null))).rejects.toThrow(
      "it is MP4 (AAC/ALAC), which needs the program ffmpeg: install it",
    );
  });
});

describe("a file that is no music has a reason of its own", () => {
  test.each([
    ["empty", "", "it is empty"],
    ["text", "This is a list of songs, and no song at all.\n", "it is text"],
    ["page", "<!doctype html><html><body>Not found</body></html>", "it is HTML"],
    ["zeros", "\0".repeat(100_000), "its format is unknown; installing ffmpeg may help"],
    ["header", "RIFF\x24\0\0\0WAVEfmt \x10\0\0\0", "it has no playable audio"],
  ])("%s", async (name, text, why) => {
    const path = `${folder.path}/${name}.mp3`;
    await Bun.write(path, Buffer.from(text, "latin1"));
    const decode = async () => {
      using file = AudioFile.open(path);
      await all(decodeFile(file, null));
    };
    await expect(decode()).rejects.toThrow(why);
  });

  test("a folder", () => {
    expect(() => AudioFile.open(folder.path)).toThrow("it is not a file");
  });
});
