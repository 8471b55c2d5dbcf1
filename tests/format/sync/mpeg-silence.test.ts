import { describe, expect, test } from "bun:test";
import { type Codec, describeFormat, type StreamFormat } from "../../../src/format/frame.ts";
import {
  createMpegParser,
  parseMpegHeader,
  silentMpegFrame,
} from "../../../src/format/sync/mpeg.ts";
import { requireProgram } from "../../support/programs.ts";
import { concat } from "../mpeg-builder.ts";

const rates = [44100, 48000, 32000, 22050, 24000, 16000, 11025, 12000, 8000];
const layerThree = rates.flatMap((sampleRate) => [
  of("mp3", sampleRate, 1),
  of("mp3", sampleRate, 2),
]);
const otherLayers = [44100, 32000, 24000].flatMap((sampleRate) => [
  of("mp2", sampleRate, 1),
  of("mp2", sampleRate, 2),
  of("mp1", sampleRate, 2),
]);
const formats = [...layerThree, ...otherLayers].map((f) => [describeFormat(f), f] as const);

function of(codec: Codec, sampleRate: number, channels: number): StreamFormat {
  return { codec, sampleRate, channels };
}

const copies = 20;
const silence = (format: StreamFormat) =>
  concat(...Array.from({ length: copies }, () => silentMpegFrame(format)));

describe("a silent frame", () => {
  test.each(formats)("of %s is a frame of that format", (_, format) => {
    const frame = silentMpegFrame(format);
    const header = parseMpegHeader(frame);
    expect(header?.format).toEqual(format);
    expect(header?.length).toBe(frame.length);
    expect(header?.bitrate).toBe(format.codec === "mp3" ? 32 : 64);
    expect(frame.subarray(4).every((byte) => byte === 0)).toBe(true);
    const parser = createMpegParser();
    const batch = parser.push(silence(format));
    expect(batch.count).toBe(copies);
    expect(parser.garbageBytes).toBe(0);
  });

  test("does not exist for rates and channel counts MPEG audio does not have", () => {
    const format = layerThree[0]!;
    for (const wrong of [
      { sampleRate: 96000 },
      { sampleRate: 0 },
      { channels: 0 },
      { channels: 6 },
    ]) {
      expect(() => silentMpegFrame({ ...format, ...wrong })).toThrow(RangeError);
    }
  });
});

async function decode(command: string[], input: Uint8Array): Promise<[Uint8Array, string]> {
  const run = Bun.spawn(command, { stdin: input, stdout: "pipe", stderr: "pipe" });
  const { stdout, stderr, exited } = run;
  const [pcm, said, code] = await Promise.all([stdout.bytes(), stderr.text(), exited]);
  expect(code).toBe(0);
  return [pcm, said];
}

function expectSilence(pcm: Uint8Array, format: StreamFormat): void {
  expect(pcm.every((byte) => byte === 0)).toBe(true);
  const frameSamples = parseMpegHeader(silentMpegFrame(format))!.samples;
  expect(pcm.length).toBeGreaterThanOrEqual((copies - 2) * frameSamples * 2 * format.channels);
}

const ffmpeg = requireProgram("ffmpeg");
const mpg123 = requireProgram("mpg123");

describe("silent frames decode to pure silence without a complaint", () => {
  test.skipIf(ffmpeg === null).each(formats)("with ffmpeg: %s", async (_, format) => {
    const command = [ffmpeg!, "-v", "warning", "-f", "mp3", "-i", "-", "-f", "s16le", "-"];
    const [pcm, said] = await decode(command, silence(format));
    expect(said).toBe("");
    expectSilence(pcm, format);
  });

  test.skipIf(mpg123 === null).each(formats)("with mpg123: %s", async (_, format) => {
    const channels = format.channels === 1 ? "-m" : "--stereo";
    const native = ["-r", String(format.sampleRate), channels];
    const [pcm, said] = await decode([mpg123!, "-s", "-e", "s16", ...native, "-"], silence(format));
    expect(said).not.toMatch(/error|warning|resync/i); // -q would hide these too
    expectSilence(pcm, format);
  });
});
