import { describe, expect, test } from "bun:test";
import { flacFrameSamples } from "../../../src/format/ogg/flac-in-ogg.ts";
import { createOggParser } from "../../../src/format/ogg/ogg.ts";
import { opusPacketSamples } from "../../../src/format/ogg/opus.ts";
import { feed } from "../feed.ts";
import { concat, garbage } from "../mpeg-builder.ts";
import {
  type ChainOptions,
  comments,
  CONTINUED,
  EOS,
  oggChain,
  oggPage,
  opusHead,
  opusPacket,
  opusTags,
  speexHead,
  vorbisComments,
  vorbisId,
  vorbisSetup,
} from "../ogg-builder.ts";

/** Samples of the pages of audio. */
function times(options: ChainOptions): number[] {
  const { samples } = feed(createOggParser(), oggChain(options));
  const headers = options.headers?.length ?? 2;
  return samples.slice(headers);
}

const pagesOf = (...counts: number[]) =>
  counts.map((count) => Array.from({ length: count }, () => opusPacket()));
const noSkip = [opusHead({ preSkip: 0 }), opusTags()];
const vorbis = [vorbisId({ blocks: [8, 11] }), vorbisComments(), vorbisSetup()];

describe("a page of Opus", () => {
  test("plays what its packets hold, less the pre-skip once", () => {
    expect(times({ pages: pagesOf(2, 1, 5) })).toEqual([1920 - 312, 960, 4800]);
  });

  test("is silent as long as the pre-skip lasts, over several pages", () => {
    const headers = [opusHead({ preSkip: 2000 }), opusTags()];
    expect(times({ headers, pages: pagesOf(1, 1, 1, 1) })).toEqual([0, 0, 880, 960]);
  });

  test("plays its packets in a stream joined late, whose first granule is far above 0", () => {
    const granules = [5_000_960, 5_001_920, 5_002_880];
    expect(times({ pages: pagesOf(1, 1, 1), granules })).toEqual([648, 960, 960]);
  });

  test("plays its packets where the granule jumps, goes back or stands still", () => {
    for (const granule of [2 ** 40, 2 ** 62, 10, 1920, -7]) {
      const granules = [1920, granule, granule + 1920, granule + 3840];
      const options = { headers: noSkip, pages: pagesOf(2, 2, 2, 2), granules };
      expect(times(options)).toEqual([1920, 1920, 1920, 1920]);
    }
  });

  test("without a granule leaves its time to the next", () => {
    const granules = [960, -1, 3840, 4800];
    expect(times({ headers: noSkip, pages: pagesOf(1, 1, 2, 1), granules })).toEqual([
      960, 0, 2880, 960,
    ]);
  });

  test("plays less when it is the last and trimmed, down to nothing", () => {
    const options = { headers: noSkip, pages: pagesOf(2, 2) };
    expect(times({ ...options, granules: [1920, 2500] })).toEqual([1920, 580]);
    expect(times({ ...options, granules: [1920, 1920] })).toEqual([1920, 0]);
    expect(times({ ...options, granules: [1920, 1000] })).toEqual([1920, 0]);
    expect(times({ ...options, granules: [1920, 2 ** 50] })).toEqual([1920, 1920]);
  });

  test("that is first and last plays to its granule, less the pre-skip", () => {
    expect(times({ pages: pagesOf(3), granules: [1500] })).toEqual([1188]);
    expect(times({ pages: pagesOf(3), granules: [100] })).toEqual([0]);
    expect(times({ pages: pagesOf(3), granules: [0] })).toEqual([0]);
  });

  test("before time 0 is silent, and takes nothing off the next", () => {
    const granules = [-7, 1920, 3840];
    expect(times({ pages: pagesOf(2, 2, 2), granules })).toEqual([0, 1608, 1920]);
  });

  test("does not count a packet whose beginning was lost", () => {
    const whole = oggPage({ packets: [opusPacket()], granule: 960, sequence: 2 });
    const packets = [garbage(7), opusPacket()];
    const rest = oggPage({ packets, flags: CONTINUED | EOS, granule: 2880, sequence: 4 });
    const headers = oggChain({ headers: noSkip, pages: [] });
    const { samples } = feed(createOggParser(), [...headers, whole, rest]);
    expect(samples).toEqual([0, 0, 960, 960]);
  });

  test("of any configuration is timed by its first two bytes", () => {
    const silk = [480, 960, 1920, 2880];
    const celt = [120, 240, 480, 960];
    const wanted = [
      ...silk,
      ...silk,
      ...silk,
      480,
      960,
      480,
      960,
      ...celt,
      ...celt,
      ...celt,
      ...celt,
    ];
    const packet = (config: number, code: number, count: number) =>
      opusPacketSamples(Uint8Array.of((config << 3) | code, count));
    for (const [config, samples] of wanted.entries()) {
      expect(packet(config, 0, 9)).toBe(samples);
      expect(packet(config, 1, 9)).toBe(Math.min(2 * samples, 5760));
      expect(packet(config, 2, 9)).toBe(Math.min(2 * samples, 5760));
      expect(packet(config, 3, 0xc0 | 2)).toBe(Math.min(2 * samples, 5760));
      expect(packet(config, 3, 63)).toBe(5760);
    }
    expect(opusPacketSamples(new Uint8Array(0))).toBe(0);
  });
});

describe("a page of Vorbis", () => {
  test("plays to its granule", () => {
    const granules = [1500, 2600, 4000];
    expect(times({ headers: vorbis, pages: pagesOf(3, 2, 2), granules })).toEqual([
      1500, 1100, 1400,
    ]);
  });

  test("plays nothing when it holds no more than the first packet", () => {
    expect(times({ headers: vorbis, pages: pagesOf(1, 2), granules: [0, 1100] })).toEqual([
      0, 1100,
    ]);
  });

  test("plays at most what its packets can hold where the granule cannot be true", () => {
    const granules = [9e9, 9e9 + 1000, 5, 900, 2 ** 40];
    const options = { headers: vorbis, pages: pagesOf(2, 1, 2, 1, 1), granules };
    expect(times({ ...options, hasEnd: false })).toEqual([2048, 1000, 2048, 895, 1024, 0]);
  });

  test("never plays longer than a minute", () => {
    const headers = [vorbisId({ rate: 1000, blocks: [8, 15] }), vorbisComments(), vorbisSetup()];
    expect(times({ headers, pages: pagesOf(200), granules: [2 ** 40] })).toEqual([60_000]);
  });
});

test("a page of Speex plays its frames, and the granule may take the encoder's delay off the first", () => {
  const headers = [speexHead({ frame: 320, perPacket: 2 }), comments([])];
  const granules = [1137, 2417, 3000];
  expect(times({ headers, pages: pagesOf(2, 2, 2), granules })).toEqual([1137, 1280, 583]);
});

test("a frame of FLAC is as long as its block size code says", () => {
  const frame = (code: number, ...rest: number[]) =>
    flacFrameSamples(Uint8Array.of(0xff, 0xf8, (code << 4) | 9, 0x18, ...rest));
  const sizes = [
    0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768,
  ];
  for (const [code, samples] of sizes.entries()) {
    if (samples > 0 || code === 0) expect(frame(code, 1, 2, 3)).toBe(samples);
  }
  expect(frame(6, 0x05, 99)).toBe(100);
  expect(frame(7, 0x05, 0x01, 0x02)).toBe(0x103);
  // The frame's number takes as many bytes as its first has leading ones.
  expect(frame(6, 0xc2, 0x80, 99)).toBe(100);
  expect(frame(7, 0xe2, 0x80, 0x80, 0x11, 0xff)).toBe(0x1200);
  expect(frame(6, 0xfe, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 41)).toBe(42);
  expect(flacFrameSamples(garbage(9))).toBe(0);
});

test("durations add up without drift over pages and chains", () => {
  const chain = oggChain({
    headers: vorbis,
    pages: pagesOf(2, 2, 2),
    granules: [1000, 2001, 3003],
  });
  const input = concat(...Array.from({ length: 50 }, () => chain).flat());
  const { micros, seconds } = feed(createOggParser(), [input]);
  expect(seconds).toBeCloseTo((50 * 3003) / 44100, 9);
  expect(micros.reduce((a, b) => a + b)).toBe(Math.floor((50 * 3003e6) / 44100));
});
