import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  emptyLastPage,
  OGG_PAGE_MAX_BYTES,
  oggPageLength,
  oggPagesOf,
  parseOggPage,
  piecesOf,
  renumberOggPage,
  startsWithPacket,
} from "../../../src/format/ogg/ogg-page.ts";
import { concat, garbage } from "../mpeg-builder.ts";
import { BOS, CONTINUED, EOS, oggPage } from "../ogg-builder.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the length of a page", () => {
  const page = oggPage({ packets: [garbage(700), garbage(0), garbage(255)] });

  test("is known as soon as its lacing table has arrived", () => {
    const headAndTable = 27 + page[26]!;
    for (let n = 1; n < headAndTable; n++) expect(oggPageLength(page.subarray(0, n), 0)).toBeNull();
    expect(oggPageLength(page.subarray(0, headAndTable), 0)).toBe(page.length);
    expect(oggPageLength(concat(garbage(5), page), 5)).toBe(page.length);
  });

  test("does not exist where the magic or the version is another", () => {
    expect(oggPageLength(bytesOf("OggT"), 0)).toBe(0);
    expect(oggPageLength(bytesOf("OgS"), 0)).toBe(0);
    expect(oggPageLength(page.with(4, 1), 0)).toBe(0);
    expect(oggPageLength(page, 1)).toBe(0);
  });

  test("is at most OGG_PAGE_MAX_BYTES", () => {
    const longest = oggPage({ packets: [garbage(255 * 255)], isOpen: true });
    expect(longest.length).toBe(OGG_PAGE_MAX_BYTES);
    expect(oggPageLength(longest, 0)).toBe(OGG_PAGE_MAX_BYTES);
    expect(parseOggPage(longest)).not.toBeNull();
  });
});

describe("a page", () => {
  test("is parsed into its fields", () => {
    const fields = {
      flags: BOS | CONTINUED,
      granule: 2 ** 45 + 3,
      serial: 2 ** 32 - 2,
      sequence: 77,
    };
    expect(parseOggPage(oggPage({ ...fields, packets: [garbage(9)] }))).toMatchObject(fields);
    expect(parseOggPage(oggPage({ granule: -1 }))?.granule).toBe(-1);
  });

  test("with any bit wrong is none", () => {
    const page = oggPage({ packets: [garbage(20)], granule: 12, serial: 3 });
    for (let bit = 0; bit < page.length * 8; bit++) {
      const at = bit >> 3;
      expect(parseOggPage(page.with(at, page[at]! ^ (1 << (bit & 7))))).toBeNull();
    }
  });

  test("gets another serial and number in place, and the checksum for them", () => {
    const packets = [garbage(300), garbage(40)];
    const page = oggPage({ packets, flags: EOS, granule: 99 });
    renumberOggPage(page, 0xfffffffe, 8);
    expect(page).toEqual(
      oggPage({ packets, flags: EOS, granule: 99, serial: 0xfffffffe, sequence: 8 }),
    );
  });

  test("without packets ends a chain", () => {
    expect(emptyLastPage(5, 6, 700)).toEqual(
      oggPage({ flags: EOS, granule: 700, serial: 5, sequence: 6 }),
    );
  });
});

describe("the packets of a page", () => {
  const pieces = (page: Uint8Array) =>
    [...piecesOf(parseOggPage(page)!)].map((p) => [p.bytes.length, p.isStart, p.isEnd]);

  test("are cut by its lacing", () => {
    const packets = [garbage(10), garbage(255), garbage(0), garbage(600)];
    expect(pieces(oggPage({ packets }))).toEqual(
      [10, 255, 0, 600].map((length) => [length, true, true]),
    );
    expect(pieces(oggPage())).toEqual([]);
  });

  test("may come from the page before and go on on the next", () => {
    const page = oggPage({ packets: [garbage(3), garbage(510)], flags: CONTINUED, isOpen: true });
    expect(pieces(page)).toEqual([
      [3, false, true],
      [510, true, false],
    ]);
    const middle = oggPage({ packets: [garbage(255)], flags: CONTINUED, isOpen: true });
    expect(pieces(middle)).toEqual([[255, false, false]]);
    const ending = oggPage({ packets: [garbage(0), garbage(4)], flags: CONTINUED });
    expect(pieces(ending)).toEqual([
      [0, false, true],
      [4, true, true],
    ]);
  });

  test("let a decoder start unless the first is continued or there is none", () => {
    const starts = (page: Uint8Array) => startsWithPacket(parseOggPage(page)!);
    expect(starts(oggPage({ packets: [garbage(4)] }))).toBe(true);
    expect(starts(oggPage({ packets: [garbage(4), garbage(4)], flags: CONTINUED }))).toBe(false);
    expect(starts(oggPage({ flags: EOS }))).toBe(false);
  });

  test("are the same again after any packet was put on pages", () => {
    const edges = fc.constantFrom(0, 1, 254, 255, 256, 65_024, 65_025, 65_026, 130_050, 200_000);
    fc.assert(
      fc.property(fc.oneof(edges, fc.nat(3000)), fc.nat(99), (length, sequence) => {
        const packet = garbage(length, sequence);
        const fields = { flags: BOS, granule: 4, serial: 9, sequence };
        const pages = oggPagesOf(packet, fields).map((bytes) => parseOggPage(bytes)!);
        const parts = pages.flatMap((page) => [...piecesOf(page)]);
        expect(Buffer.compare(concat(...parts.map((p) => p.bytes)), packet)).toBe(0);
        expect(parts.map((p) => p.isStart)).toEqual(pages.map((_, i) => i === 0));
        expect(parts.map((p) => p.isEnd)).toEqual(pages.map((_, i) => i === pages.length - 1));
        expect(pages.map((p) => p.sequence)).toEqual(pages.map((_, i) => sequence + i));
        expect(pages.map((p) => p.flags & CONTINUED)).toEqual(pages.map((_, i) => (i > 0 ? 1 : 0)));
        expect(pages.map((p) => p.granule)).toEqual(
          pages.map((_, i) => (i === pages.length - 1 ? 4 : -1)),
        );
      }),
      { numRuns: 60 },
    );
  });
});
