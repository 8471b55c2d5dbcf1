import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { audioExtent } from "../../../src/format/tags/extent.ts";
import { concat, garbage, id3v2, mpegFrames } from "../mpeg-builder.ts";

const audio = concat(...mpegFrames(3));
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

const id3v1 = concat(ascii("TAG"), garbage(125));
const id3v1Plus = concat(ascii("TAG+"), garbage(223), id3v1);
const lyricsText = ascii("LYRICSBEGIN" + "IND0000200" + "la la LYRICS la".repeat(20));
const lyrics3v2 = concat(
  lyricsText,
  ascii(String(lyricsText.length).padStart(6, "0") + "LYRICS200"),
);
const lyrics3v1 = concat(ascii("LYRICSBEGIN"), garbage(900), ascii("LYRICSEND"));

function apeBlock(version: number, size: number, flags: number): Uint8Array {
  const block = new Uint8Array(32);
  block.set(ascii("APETAGEX"));
  const view = new DataView(block.buffer);
  view.setUint32(8, version, true);
  view.setUint32(12, size, true);
  view.setUint32(20, flags, true);
  return block;
}

function ape(items: number, version = 2000, header = true): Uint8Array {
  const flags = header ? 0x80000000 : 0;
  const head = header ? apeBlock(version, items + 32, 0xa0000000) : new Uint8Array(0);
  return concat(head, garbage(items), apeBlock(version, items + 32, flags));
}

/** Reads out of an array; refuses what a file could not give and counts. */
function readerOf(file: Uint8Array) {
  const stats = { reads: 0, longest: 0 };
  const reader = async (offset: number, length: number): Promise<Uint8Array> => {
    expect(offset).toBeGreaterThanOrEqual(0);
    expect(length).toBeGreaterThanOrEqual(0);
    expect(offset + length).toBeLessThanOrEqual(file.length);
    stats.reads++;
    stats.longest = Math.max(stats.longest, length);
    return file.subarray(offset, offset + length);
  };
  return { reader, stats };
}

const extentOf = (file: Uint8Array) => audioExtent(readerOf(file).reader, file.length);

async function expectAudio(before: Uint8Array, after: Uint8Array, body = audio): Promise<void> {
  const extent = await extentOf(concat(before, body, after));
  expect(extent).toEqual({ start: before.length, end: before.length + body.length });
}

const none = new Uint8Array(0);

const leading: [string, Uint8Array][] = [
  ["no tag", none],
  ["an ID3v2.4 tag", id3v2(300)],
  ["an ID3v2.2 tag", id3v2(300, { version: 2 })],
  ["an ID3v2 tag with footer", id3v2(300, { footer: true })],
  ["an empty ID3v2 tag", id3v2(0)],
  ["an ID3v2 tag above 128 and 16384 bytes", id3v2(20_000)],
  ["an APEv2 tag", ape(100)],
];

const trailing: [string, Uint8Array][] = [
  ["no tag", none],
  ["an ID3v1 tag", id3v1],
  ["an ID3v1 tag with TAG+", id3v1Plus],
  ["an APEv2 tag with header", ape(500)],
  ["an APEv2 tag without header", ape(500, 2000, false)],
  ["an APEv1 tag", ape(500, 1000, false)],
  ["an APEv1 tag with stray flags", concat(garbage(50), apeBlock(1000, 82, 0xffffffff))],
  ["an empty APE tag", ape(0)],
  ["Lyrics3v2", lyrics3v2],
  ["Lyrics3v1", lyrics3v1],
  ["an appended ID3v2.4 tag with footer", id3v2(300, { footer: true })],
];

describe("leading tags", () => {
  test.each(leading)("%s", async (_, tag) => expectAudio(tag, none));
  test("any two of them, in any order", async () => {
    for (const [, a] of leading) for (const [, b] of leading) await expectAudio(concat(a, b), none);
  });
});

describe("trailing tags", () => {
  test.each(trailing)("%s", async (_, tag) => expectAudio(none, tag));
  test("any three of them, in any order", async () => {
    for (const [, a] of trailing)
      for (const [, b] of trailing)
        for (const [, c] of trailing) await expectAudio(none, concat(a, b, c));
  });
  test("together with leading ones", async () => {
    for (const [, a] of leading) for (const [, b] of trailing) await expectAudio(a, b);
  });
});

describe("a file", () => {
  test("that is empty, or shorter than any tag, is all audio", async () => {
    expect(await extentOf(none)).toEqual({ start: 0, end: 0 });
    for (const text of ["I", "ID3", "TAG", "3DI", "APETAGEX", "LYRICS200", "LYRICSEND"]) {
      expect(await extentOf(ascii(text).subarray(0, 8))).toMatchObject({ start: 0 });
    }
  });

  test("that is nothing but tags has an empty extent", async () => {
    for (const [, a] of leading) {
      for (const [, b] of trailing) {
        const { start, end } = await extentOf(concat(a, b));
        expect(end - start).toBe(0);
      }
    }
  });

  test("with hundreds of tags takes a bounded number of small reads", async () => {
    const many = (tag: Uint8Array) => concat(...Array.from({ length: 300 }, () => tag));
    const file = concat(many(id3v2(20)), audio, many(lyrics3v1));
    const { reader, stats } = readerOf(file);
    const { start, end } = await audioExtent(reader, file.length);
    expect(start).toBe(16 * 30);
    expect(end).toBe(file.length - 16 * lyrics3v1.length);
    expect(stats.reads).toBeLessThanOrEqual(48);
    expect(stats.longest).toBeLessThanOrEqual(5120);
  });
});

describe("a lying size", () => {
  test("of a leading tag loses its head only", async () => {
    await expectAudio(id3v2(0).with(7, 100), none);
    await expectAudio(apeBlock(2000, 0xffffffff, 0xa0000000), none);
  });

  test("of a trailing tag loses its footer only", async () => {
    await expectAudio(none, apeBlock(2000, 0xffffffff, 0x80000000));
    await expectAudio(none, id3v2(0, { footer: true }).slice(10).with(7, 100));
    await expectAudio(none, ascii("LYRICS200"), concat(audio, ascii("999999")));
  });

  test("of Lyrics3v2 that is no number, or Lyrics3v1 without a beginning, loses its end mark only", async () => {
    await expectAudio(none, ascii("LYRICS200"), concat(audio, ascii("12x456")));
    await expectAudio(none, ascii("LYRICS200"), concat(audio, ascii("   010")));
    await expectAudio(none, ascii("LYRICSEND"));
  });

  test("below the footer's own counts the footer", async () => {
    await expectAudio(none, apeBlock(1000, 3, 0));
  });

  test("with size bytes above 127 or an unknown version is not a tag", async () => {
    await expectAudio(none, none, concat(id3v2(0).with(9, 200), audio));
    await expectAudio(none, none, concat(id3v2(0).with(3, 7), audio));
    await expectAudio(none, none, concat(apeBlock(77, 40, 0), audio));
  });
});

test("a reader that gives less than asked ends the search", async () => {
  const shifted = concat(audio, id3v1, garbage(227));
  const half = async (at: number, length: number) =>
    shifted.subarray(at, at + Math.min(length, 128));
  expect(await audioExtent(half, shifted.length)).toEqual({ start: 0, end: shifted.length });
  const file = concat(id3v2(5), audio, id3v1);
  expect(await audioExtent(async () => none, file.length)).toEqual({ start: 0, end: file.length });
});

test("whatever the bytes: the extent lies in the file", async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(...leading, ...trailing).map(([, tag]) => tag),
    fc
      .tuple(fc.constantFrom(...leading, ...trailing), fc.nat(600))
      .map(([[, tag], n]) => tag.subarray(n)),
    fc.constantFrom("TAG", "LYRICSEND", "000500LYRICS200", "LYRICSBEGIN").map(ascii),
    fc.tuple(fc.nat(), fc.nat()).map(([size, flags]) => apeBlock(2000, size, flags)),
  );
  const files = fc.array(piece, { maxLength: 8 }).map((parts) => concat(...parts));
  await fc.assert(
    fc.asyncProperty(files, async (file) => {
      const { start, end } = await extentOf(file);
      expect(0 <= start && start <= end && end <= file.length).toBe(true);
    }),
    { numRuns: 500 },
  );
});
