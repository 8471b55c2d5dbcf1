// An encoded MP3 plays as long as its source to the sample, at its level, and says so in its first frame.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createMp3, mp3Bitrate } from "../../src/audio/encode-mp3.ts";
import { vorbisQuality } from "../../src/audio/encode-vorbis.ts";
import { infoFrame, readInfoFrame } from "../../src/audio/length-frame.ts";
import { PcmMeter } from "../../src/audio/measure-pcm.ts";
import { parseMpegHeader } from "../../src/format/sync/mpeg.ts";
import { requireProgram } from "../support/programs.ts";
import { scratch } from "../support/station.ts";
import { ffmpeg, ffmpegSamples, pitchOf } from "./synth.ts";

const mpg123 = requireProgram("mpg123");

let folder: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  folder = await scratch();
});
afterAll(() => folder[Symbol.asyncDispose]());

async function encode(rate: number, channels: 1 | 2, bitrate: number, length: number) {
  const encoder = await createMp3({ sampleRate: rate, channels, bitrate });
  const meter = new PcmMeter();
  const parts: Uint8Array[] = [];
  for (let at = 0; at < length; at += 5000) {
    const samples = Float32Array.from(
      { length: Math.min(5000, length - at) },
      (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * (at + i)) / rate),
    );
    const pcm = { sampleRate: rate, channels: channels === 1 ? [samples] : [samples, samples] };
    meter.add(pcm);
    parts.push((await encoder.encode(pcm)).slice());
  }
  parts.push((await encoder.finish()).slice());
  const start = encoder.start(meter.measured);
  expect(start.length).toBe(encoder.startBytes);
  return { bytes: Buffer.concat([start, ...parts]), start, format: encoder.format };
}

async function mpg123Samples(path: string): Promise<number> {
  const child = Bun.spawn([mpg123 ?? "", "-q", "-s", "-m", path], { stdout: "pipe" });
  return (await new Response(child.stdout).bytes()).length / 2;
}

describe.skipIf(ffmpeg === null || mpg123 === null)("MP3", () => {
  test.each([
    [44_100, 2, 128],
    [44_100, 1, 64],
    [48_000, 2, 320],
    [44_100, 2, 192],
    [32_000, 2, 224],
    [44_100, 2, 32],
    [24_000, 2, 64],
    [22_050, 1, 32],
    [8000, 1, 8],
  ] as const)("of %d Hz, %d channels, %d kbit/s", async (rate, channels, bitrate) => {
    const length = rate * 2 + 123;
    const { bytes, start, format } = await encode(rate, channels, bitrate, length);
    const path = `${folder.path}/${rate}-${channels}-${bitrate}.mp3`;
    await Bun.write(path, bytes);
    expect(parseMpegHeader(bytes, start.length)).toMatchObject({ bitrate, format });
    const decoded = await ffmpegSamples(path, rate);
    expect({ ffmpeg: decoded.length, mpg123: await mpg123Samples(path) }).toEqual({
      ffmpeg: length,
      mpg123: length,
    });
    expect(Math.abs(pitchOf(decoded, rate) - 440)).toBeLessThan(1);
    const middle = decoded.subarray(rate / 2, rate);
    const level = Math.sqrt((2 * middle.reduce((sum, x) => sum + x * x, 0)) / middle.length);
    expect(Math.abs(20 * Math.log10(level / 0.5))).toBeLessThan(0.1);
    const facts = readInfoFrame(start, format);
    expect(facts).toMatchObject({ bytes: bytes.length - start.length, delay: 576 });
  });

  test("a rate that MP3 does not have is refused", async () => {
    const encoding = { sampleRate: 96_000, channels: 2, bitrate: 128 } as const;
    await expect(createMp3(encoding)).rejects.toThrow("MP3 has no sample rate of 96000 Hz");
  });
});

test("the nearest bit rate is taken", () => {
  expect(mp3Bitrate(130, 44_100)).toBe(128);
  expect(mp3Bitrate(1000, 48_000)).toBe(320);
  expect(mp3Bitrate(320, 22_050)).toBe(160);
});

test.each([
  [-7.3, -0.2],
  [-18.4, 1.5],
  [-55, -30],
  [null, null],
])("the first frame keeps loudness %p and peak %p", (loudness, truePeak) => {
  const format = { codec: "mp3", sampleRate: 44_100, channels: 2 } as const;
  const facts = { frames: 1000, bytes: 417_000, delay: 576, padding: 1234, loudness, truePeak };
  const read = readInfoFrame(infoFrame(format, facts), format);
  expect(read).toMatchObject({ frames: 1000, bytes: 417_000, delay: 576, padding: 1234 });
  if (loudness === null) expect(read?.loudness).toBeNull();
  else expect(read?.loudness).toBeCloseTo(loudness, 5);
  if (truePeak === null) expect(read?.truePeak).toBeNull();
  else expect(read?.truePeak).toBeCloseTo(truePeak, 4);
});

test("the quality of Vorbis is the one whose usual bit rate is nearest", () => {
  expect([32, 64, 128, 170, 1000].map((rate) => vorbisQuality(rate, 2))).toEqual([-1, 0, 4, 5, 10]);
  expect(vorbisQuality(96, 1)).toBe(5);
});
