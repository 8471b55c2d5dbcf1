// Tags in front of audio, with their size told or left at 0: none of their bytes is taken for sound.
import { describe, expect, test } from "bun:test";
import { Detector, DETECT_BYTES } from "../../../src/format/detect.ts";
import { createMpegParser } from "../../../src/format/sync/mpeg.ts";
import { adtsFrames } from "../adts-builder.ts";
import { feed } from "../feed.ts";
import { concat, garbage, id3v2, mpegFrames } from "../mpeg-builder.ts";

const FRAMES = mpegFrames(8);
const AUDIO = concat(...FRAMES);

function number(value: number, base: number, bytes: number): Uint8Array {
  return Uint8Array.from(
    { length: bytes },
    (_, i) => Math.floor(value / base ** (bytes - 1 - i)) % base,
  );
}

/** A frame of a tag as that version writes it. */
function tagFrame(version: number, name: string, contents: Uint8Array): Uint8Array {
  const [base, bytes] = version === 4 ? [128, 4] : [256, version === 2 ? 3 : 4];
  const flags = new Uint8Array(version === 2 ? 0 : 2);
  return concat(Buffer.from(name), number(contents.length, base, bytes), flags, contents);
}

/** What ffmpeg writes into a pipe: a head without a size, the frames behind it. */
function unsized(version: number, ...frames: Uint8Array[]): Uint8Array {
  return concat(Buffer.from("ID3"), Uint8Array.of(version, 0, 0, 0, 0, 0, 0), ...frames);
}

const picture = garbage(90_000);

describe.each([2, 3, 4])("a tag of version 2.%d without a size", (version) => {
  const names = version === 2 ? ["TT2", "PIC"] : ["TIT2", "APIC"];
  const [title = "", cover = ""] = names;
  const tag = unsized(
    version,
    tagFrame(version, title, Buffer.from("\0Piped")),
    tagFrame(version, cover, picture),
  );

  test("is no audio, however it is cut, and its bytes are known as a tag's", () => {
    for (const size of [tag.length + AUDIO.length, 4096, 7]) {
      const input = concat(tag, AUDIO);
      const parser = createMpegParser();
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < input.length; at += size) chunks.push(input.subarray(at, at + size));
      const { frames, garbageBytes } = feed(parser, chunks);
      expect(Buffer.concat(frames).equals(AUDIO)).toBe(true);
      expect([garbageBytes, parser.tagBytes]).toEqual([tag.length, tag.length]);
    }
  });

  test("says nothing about the codec after it", () => {
    for (const [codec, audio] of [
      ["mp3", AUDIO],
      ["aac", concat(...adtsFrames(8))],
    ] as const) {
      const detector = new Detector();
      expect(detector.push(tag)).toBeNull();
      expect(detector.push(audio)).toBe(codec);
      expect([detector.tagBytes, detector.held.length]).toEqual([tag.length, audio.length]);
    }
  });
});

test("a codec is found behind a tag of any announced size, which is not kept", () => {
  const detector = new Detector();
  const tag = id3v2(40 * DETECT_BYTES);
  for (let at = 0; at < tag.length; at += 1000) {
    expect(detector.push(tag.subarray(at, at + 1000))).toBeNull();
    expect(detector.held.length).toBeLessThan(10);
  }
  expect(detector.push(concat(...adtsFrames(4)))).toBe("aac");
});

test("behind a tag, more than can be looked at is left to the parser of MP3", () => {
  expect(new Detector().push(concat(id3v2(50), garbage(DETECT_BYTES)))).toBe("mp3");
});
