import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  codecName,
  codecOfContentType,
  DETECT_BYTES,
  type DetectedCodec,
  detectCodec,
  mediaTypeOf,
} from "../../src/format/detect.ts";
import { concat, garbage, id3v2, mpegFrames } from "./mpeg-builder.ts";

const magic = (bytes: number[]): Uint8Array => concat(Uint8Array.from(bytes), garbage(100));
const mp3 = concat(...mpegFrames(4));

/** ADTS frames, AAC LC, 44.1 kHz, stereo; odd replaces bytes from the second on. */
function adtsFrames(count: number, length = 200, odd: number[] = []): Uint8Array {
  const head = [
    0xff,
    0xf1,
    0x50,
    0x80 | (length >> 11),
    (length >> 3) & 255,
    (length & 7) << 5,
    0xfc,
  ];
  const frame = concat(Uint8Array.from(head), garbage(length - 7));
  frame.set(odd, 1);
  return concat(...Array.from({ length: count }, () => frame));
}

function mp3WithAdts(): Uint8Array[] {
  return mpegFrames(3, { bitrate: 320 }).map((frame) => {
    frame.set(adtsFrames(3), 100);
    return frame;
  });
}

/** Long enough to be decided on. */
function padded(...start: Uint8Array[]): Uint8Array {
  return concat(...start, garbage(DETECT_BYTES));
}

const inputs: [DetectedCodec, string, Uint8Array][] = [
  ["mp3", "MP3 frames", mp3],
  ["mp3", "MP2 frames", concat(...mpegFrames(3, { layer: 2 }))],
  ["mp3", "MPEG 2.5 frames", concat(...mpegFrames(3, { version: 2.5, bitrate: 16 }))],
  ["mp3", "MP3 behind an ID3 tag", concat(id3v2(500), mp3)],
  ["mp3", "MP3 behind two ID3 tags", concat(id3v2(500), id3v2(20, { footer: true }), mp3)],
  ["mp3", "MP3 that begins in mid-frame", mp3.subarray(100)],
  ["mp3", "nasty MP3", concat(...mpegFrames(4, { payload: "nasty" }))],
  ["aac", "ADTS frames", adtsFrames(3)],
  ["aac", "ADTS that begins in mid-frame", adtsFrames(4).subarray(50)],
  ["aac", "ADTS behind an ID3 tag", concat(id3v2(73), adtsFrames(3))],
  ["aac", "the longest ADTS frames", adtsFrames(3, 8191)],
  ["ogg", "Ogg", magic([0x4f, 0x67, 0x67, 0x53])],
  ["flac", "FLAC", magic([0x66, 0x4c, 0x61, 0x43])],
  ["flac", "FLAC behind an ID3 tag", concat(id3v2(60), magic([0x66, 0x4c, 0x61, 0x43]))],
  ["webm", "WebM or Matroska", magic([0x1a, 0x45, 0xdf, 0xa3])],
  ["mp3", "MP3 with ADTS in its payload", concat(...mp3WithAdts())],
  ["unknown", "a lone MP3 header", padded(...mpegFrames(1))],
  [
    "unknown",
    "MP3 headers that disagree",
    padded(...mpegFrames(1), ...mpegFrames(1, { mode: "mono" })),
  ],
  ["unknown", "ADTS with layer bits", padded(adtsFrames(3, 200, [0xf3, 0x0c]))],
  ["unknown", "ADTS frames of no length", padded(adtsFrames(1, 200, [0xf1, 0x50, 0x80, 0, 0]))],
  ["unknown", "noise", garbage(DETECT_BYTES)],
  ["unknown", "zeros", new Uint8Array(DETECT_BYTES)],
  ["unknown", "sync bytes", new Uint8Array(DETECT_BYTES).fill(255)],
  ["mp3", "a tag longer than what is looked at", id3v2(DETECT_BYTES + 1)],
];

describe("first bytes", () => {
  test.each(inputs)("are found to be %s: %s", (codec, _, input) => {
    expect(detectCodec(input)).toBe(codec);
  });

  test.each(inputs)("once found to be %s stay so as more arrive: %s", (codec, _, input) => {
    const step = input.length > 2000 ? 97 : 1;
    let answer: DetectedCodec | null = null;
    for (let length = 0; length <= input.length; length += step) {
      const now = detectCodec(input.subarray(0, length));
      if (answer !== null) expect(now).toBe(answer);
      answer = now;
    }
    expect(answer === null || answer === codec).toBe(true);
  });

  test("are not enough when they end before the second header", () => {
    expect(detectCodec(new Uint8Array(0))).toBeNull();
    expect(detectCodec(mp3.subarray(0, 417))).toBeNull();
    expect(detectCodec(adtsFrames(2).subarray(0, 203))).toBeNull();
    expect(detectCodec(id3v2(500).subarray(0, 400))).toBeNull();
    expect(detectCodec(garbage(DETECT_BYTES - 1))).toBeNull();
  });

  test("behind DETECT_BYTES are not looked at", () => {
    expect(detectCodec(concat(garbage(DETECT_BYTES), mp3))).toBe("unknown");
    expect(detectCodec(concat(garbage(DETECT_BYTES - mp3.length), mp3))).toBe("mp3");
  });

  test("of any kind never throw, and always decide at DETECT_BYTES", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (seed) => {
        detectCodec(seed);
        const copies = Math.ceil(DETECT_BYTES / Math.max(1, seed.length));
        const long = concat(...Array.from({ length: copies }, () => seed));
        if (long.length >= DETECT_BYTES) expect(detectCodec(long)).not.toBeNull();
      }),
    );
  });
});

describe("a content type", () => {
  const types: [string, DetectedCodec][] = [
    ["audio/mpeg", "mp3"],
    ["Audio/MPEG; charset=utf-8", "mp3"],
    [" audio/mp3 ", "mp3"],
    ["audio/aac", "aac"],
    ["audio/aacp", "aac"],
    ["application/ogg", "ogg"],
    ["audio/ogg;codecs=opus", "ogg"],
    ["audio/opus", "ogg"],
    ["audio/flac", "flac"],
    ["audio/webm; codecs=opus", "webm"],
    ["video/x-matroska", "webm"],
    ["text/plain", "unknown"],
    ["", "unknown"],
    [";audio/mpeg", "unknown"],
    ["constructor", "unknown"],
  ];
  test.each(types)("%p promises %s", (type, codec) => {
    expect(codecOfContentType(type)).toBe(codec);
  });

  test("loses its parameters and its case", () => {
    expect(mediaTypeOf("Audio/Ogg ; Codecs=Opus")).toBe("audio/ogg");
  });

  test("has a codec with a name for people", () => {
    expect(codecName("webm")).toBe("WebM");
    expect(codecName("unknown")).toBe("an unknown format");
  });
});
