// Packed audio: the timestamp tag to the byte, over days, and the titles behind it.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { StreamFormat } from "../../src/format/frame.ts";
import { packedAac, packedMp3, segmentTag } from "../../src/hls/packed-audio.ts";
import { SampleTime } from "../../src/hls/sample-time.ts";
import { NO_METADATA } from "../../src/mount/metadata.ts";
import { CD_QUALITY } from "../mount/fake-input.ts";
import { AAC, opened } from "./hls-rig.ts";

const HEAD = "4944330400000000003f5052495600000035" + "0000";
const OWNER = Buffer.from("com.apple.streaming.transportStreamTimestamp\0").toString("hex");

function tagAt(start: SampleTime): string {
  return Buffer.from(segmentTag(start, NO_METADATA)).toString("hex");
}

describe("the tag of a segment", () => {
  test("without a title is these 73 bytes", () => {
    const tag = tagAt(new SampleTime(0, 44_100, 44_100));
    expect(tag).toBe(`${HEAD}${OWNER}0000000000015f90`);
    expect(tag.length / 2).toBe(73);
  });

  test("counts 33 bits: after 26 hours and a half it begins at 0 again, with 31 zero bits in front", () => {
    const before = new SampleTime(0, 2 ** 33 - 1, 90_000);
    expect(tagAt(before).endsWith("00000001ffffffff")).toBe(true);
    expect(tagAt(before.plus(1)).endsWith("0000000000000000")).toBe(true);
  });

  test("has the exact time of any sample, whatever was before: for months, at any rate", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e11 }),
        fc.integer({ min: 0, max: 1e12 }),
        fc.constantFrom(8000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000),
        (anchorMs, samples, rate) => {
          const tag = segmentTag(new SampleTime(anchorMs, samples, rate), NO_METADATA);
          const ticks = BigInt(anchorMs) * 90n + (BigInt(samples) * 90_000n) / BigInt(rate);
          expect(opened(tag).timestamp).toBe(ticks % (1n << 33n));
        },
      ),
    );
  });

  test("names artist, title and album, in any script, behind the timestamp", () => {
    const title = { artist: "Ибрагим", title: "夜 🎧", album: "Ünder" };
    const tag = Buffer.from(segmentTag(new SampleTime(0, 0, 44_100), title));
    expect(tag.indexOf("PRIV")).toBe(10);
    const text = (id: string, value: string) => {
      const bytes = Buffer.from(value);
      const size = Buffer.of(0, 0, 0, bytes.length + 1);
      return Buffer.concat([Buffer.from(id), size, Buffer.of(0, 0, 3), bytes]);
    };
    const texts = [
      text("TIT2", title.title),
      text("TPE1", title.artist),
      text("TALB", title.album),
    ];
    expect(tag.subarray(73)).toEqual(Buffer.concat(texts));
    expect(tag.subarray(0, 10).toString("hex")).toMatch(/^4944330400000000/);
  });

  test("stays readable when a title is as long as a source can make it", () => {
    const long = "é".repeat(10_000);
    const tag = segmentTag(new SampleTime(0, 0, 44_100), { artist: long, title: long });
    expect(tag.length).toBeLessThan(2000);
    expect(opened(tag).frames.length).toBe(0);
  });
});

describe("a segment", () => {
  const start = new SampleTime(6000, 0, 44_100);
  const title = { artist: "A", title: "B" };

  test("is its tag and the frames as they are", () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
    const audio = {
      format: CD_QUALITY,
      bytes,
      start,
      samples: 0,
      number: 7,
      title,
    };
    const segment = packedMp3.segment(audio);
    expect(Buffer.from(segment)).toEqual(Buffer.concat([segmentTag(start, title), bytes]));
    expect(segment.length - bytes.length).toBe(packedMp3.extraBytes(0, title));
  });

  test.each<[StreamFormat, string]>([
    [CD_QUALITY, "mp4a.40.34"],
    [AAC, "mp4a.40.2"],
    [{ ...AAC, sampleRate: 44_100 }, "mp4a.40.2"],
    [{ ...AAC, sampleRate: 24_000 }, "mp4a.40.5"],
    [{ ...AAC, sampleRate: 22_050 }, "mp4a.40.5"],
  ])("of %j is named by its codec: %s", (format, codecs) => {
    const container = format.codec === "aac" ? packedAac : packedMp3;
    expect(container.playlistName(format)).toBe(format.codec);
    expect(container.codecs(format)).toBe(codecs);
  });
});
