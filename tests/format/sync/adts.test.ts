import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  createAdtsParser,
  parseAdtsHeader,
  silentAacFrame,
} from "../../../src/format/sync/adts.ts";
import { describeFormat } from "../../../src/format/frame.ts";
import { parseMpegHeader } from "../../../src/format/sync/mpeg.ts";
import { requireProgram } from "../../support/programs.ts";
import { type AdtsOptions, adtsFrame, adtsFrames, adtsRates } from "../adts-builder.ts";
import { expectSame, feed, feedEveryWay, type Parsed } from "../feed.ts";
import { concat, garbage, id3v2, mpegFrame, mpegFrames } from "../mpeg-builder.ts";

const everyWay = (...parts: Uint8Array[]): Parsed =>
  feedEveryWay(createAdtsParser, concat(...parts));

function expectFrames(parsed: Parsed, frames: readonly Uint8Array[], garbageBytes: number): void {
  expect(parsed.frames.map((f) => f.toHex())).toEqual(frames.map((f) => f.toHex()));
  expect(parsed.garbageBytes).toBe(garbageBytes);
}

describe("an ADTS header", () => {
  test.each(adtsRates)("of %i Hz has rate, channels, length and samples", (sampleRate) => {
    const counts = [2, 1, 2, 3, 4, 5, 6, 8];
    for (const [configuration, channels] of counts.entries()) {
      for (const blocks of [1, 2, 3, 4] as const) {
        const length = 9 + configuration * 997;
        const frame = adtsFrame({ sampleRate, configuration, blocks, length });
        const header = parseAdtsHeader(frame);
        expect(header?.format).toEqual({ codec: "aac", sampleRate, channels });
        expect(header).toMatchObject({ length, samples: 1024 * blocks });
      }
    }
  });

  test("is not one with layer bits, a forbidden rate, no room for itself or too few bytes", () => {
    const frame = adtsFrame();
    const second = frame[1]!;
    for (const bits of [2, 4, 6]) expect(parseAdtsHeader(frame.with(1, second | bits))).toBeNull();
    for (const rate of [13, 14, 15]) {
      expect(parseAdtsHeader(frame.with(2, 0x40 | (rate << 2)))).toBeNull();
    }
    expect(parseAdtsHeader(adtsFrame({ length: 7 }))).toBeNull();
    expect(parseAdtsHeader(adtsFrame({ length: 9, crc: true }))).toBeNull();
    expect(parseAdtsHeader(adtsFrame({ length: 10, crc: true }))?.length).toBe(10);
    expect(parseAdtsHeader(frame.subarray(0, 6))).toBeNull();
    expect(parseAdtsHeader(frame, 54)).toBeNull();
  });

  test("is never one of MPEG audio, nor the other way round", () => {
    expect(parseMpegHeader(adtsFrame())).toBeNull();
    for (const layer of [1, 2, 3] as const) {
      expect(parseAdtsHeader(mpegFrame({ layer, bitrate: 128 }))).toBeNull();
    }
  });

  test("belongs to the same stream unless version, profile, rate or channels differ", () => {
    const own = parseAdtsHeader(adtsFrame())?.signature;
    const same: AdtsOptions[] = [{ crc: true }, { length: 300 }, { blocks: 4 }];
    for (const options of same) expect(parseAdtsHeader(adtsFrame(options))?.signature).toBe(own!);
    const others: AdtsOptions[] = [
      { mpeg2: true },
      { profile: 0 },
      { sampleRate: 48000 },
      { configuration: 1 },
      { configuration: 6 },
    ];
    for (const options of others) {
      expect(parseAdtsHeader(adtsFrame(options))?.signature).not.toBe(own!);
    }
  });
});

describe("AAC", () => {
  const frames = adtsFrames(6, {}, (i) => ({ length: 40 + 3 * i, payload: "nasty" }));

  test("comes out whole, with format, samples, duration and bitrate", () => {
    const parsed = everyWay(...frames);
    expectFrames(parsed, frames, 0);
    expect(parsed.format).toEqual({ codec: "aac", sampleRate: 44100, channels: 2 });
    expect(parsed.flags).toEqual(Array(6).fill(1));
    expect(parsed.samples).toEqual(Array(6).fill(1024));
    expect(parsed.seconds).toBeCloseTo((6 * 1024) / 44100, 12);
    expect(parsed.bitrate).toBe(Math.round((285 * 8 * 44.1) / 6144));
    expect(parsed.chains).toEqual([]);
  });

  test("between garbage, tags and cut frames comes out alone", () => {
    const cut = adtsFrame().subarray(12);
    const tag = id3v2(90);
    const input = [garbage(20), cut, ...frames, tag, ...frames, garbage(5)];
    expectFrames(everyWay(...input), [...frames, ...frames], 20 + 48 + 100 + 5);
  });

  test("of several blocks a frame plays as long as its blocks", () => {
    const parsed = everyWay(...adtsFrames(4, {}, (i) => ({ blocks: i % 2 ? 1 : 4 })));
    expect(parsed.samples).toEqual([4096, 1024, 4096, 1024]);
  });

  test("is not found in MPEG audio", () => {
    const mp3 = mpegFrames(8, { payload: "nasty" });
    expect(feed(createAdtsParser(), mp3).frames).toEqual([]);
  });

  test("of another rate in mid-stream is reported as foreign", () => {
    const other = adtsFrames(10, { sampleRate: 48000 });
    const parsed = feed(createAdtsParser(), [...frames, ...other]);
    expectFrames(parsed, frames, 600);
    expect(parsed.foreignFormat).toEqual({ codec: "aac", sampleRate: 48000, channels: 2 });
  });

  test("from whatever bytes: only whole frames, every byte accounted for, however it is cut", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.constantFrom([255, 241], [255, 249, 80], [255, 255]).map((b) => Uint8Array.from(b)),
      fc
        .record({ seed: fc.nat(99), length: fc.integer({ min: 10, max: 80 }), crc: fc.boolean() })
        .map((o) => adtsFrame({ ...o, payload: "nasty" })),
    );
    const inputs = fc.array(piece, { maxLength: 20 }).map((parts) => concat(...parts));
    fc.assert(
      fc.property(inputs, fc.integer({ min: 1, max: 90 }), (input, size) => {
        const whole = feed(createAdtsParser(), [input]);
        for (const frame of whole.frames) {
          expect(parseAdtsHeader(frame)?.length).toBe(frame.length);
        }
        const chunks = Array.from({ length: Math.ceil(input.length / size) }, (_, i) =>
          input.subarray(i * size, i * size + size),
        );
        expectSame(feed(createAdtsParser(), chunks), whole);
      }),
      { numRuns: 300 },
    );
  });
});

const copies = 20;
const formats = adtsRates.flatMap((sampleRate) =>
  [1, 2].map((channels) => ({ codec: "aac", sampleRate, channels }) as const),
);
const named = formats.map((format) => [describeFormat(format), format] as const);
const ffmpeg = requireProgram("ffmpeg");

describe("a silent AAC frame", () => {
  test.each(named)("of %s is a frame of that format", (_, format) => {
    const frame = silentAacFrame(format);
    const parsed = feed(createAdtsParser(), Array(copies).fill(frame));
    expect(parsed.frames).toHaveLength(copies);
    expect(parsed.format).toEqual(format);
    expect(parsed.garbageBytes).toBe(0);
  });

  test("does not exist for rates AAC does not have, nor for more than two channels", () => {
    for (const wrong of [{ sampleRate: 44000 }, { channels: 0 }, { channels: 6 }]) {
      expect(() => silentAacFrame({ ...formats[0]!, ...wrong })).toThrow(RangeError);
    }
  });

  const usual = named.filter(([, { sampleRate }]) =>
    [48000, 44100, 32000, 24000, 22050, 8000].includes(sampleRate),
  );
  test.skipIf(ffmpeg === null).each(usual)(
    "of %s decodes to pure silence without a complaint",
    async (_, format) => {
      const input = concat(...Array.from({ length: copies }, () => silentAacFrame(format)));
      const command = [ffmpeg!, "-v", "warning", "-f", "aac", "-i", "-", "-f", "s16le", "-"];
      const run = Bun.spawn(command, { stdin: input, stdout: "pipe", stderr: "pipe" });
      const [pcm, said] = await Promise.all([run.stdout.bytes(), run.stderr.text()]);
      expect(said).toBe("");
      expect(pcm.length).toBe(copies * 1024 * 2 * format.channels);
      expect(pcm.every((byte) => byte === 0)).toBe(true);
    },
  );
});
