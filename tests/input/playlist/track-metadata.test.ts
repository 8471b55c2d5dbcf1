// Artist and title of a file, from tags of all kinds or from its name, in no time whatever the tags hold.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { metadataOfName } from "../../../src/input/playlist/file-title.ts";
import { concat, garbage } from "../../format/mpeg-builder.ts";
import { trackFrames } from "../../support/tracks.ts";
import { play, Shelf } from "./shelf.ts";
import {
  apeTag,
  coverFrame,
  id3Frame,
  id3Tag,
  id3v1,
  textFrame,
  unsynchronised,
} from "./tag-builder.ts";
import { workedMs } from "../../support/station.ts";

let shelf: Shelf;
beforeAll(async () => {
  shelf = await Shelf.open();
});
afterAll(() => shelf[Symbol.asyncDispose]());

const AUDIO = trackFrames(3, 12, true);
const TITLE = [textFrame(3, "TIT2", "A Title"), textFrame(3, "TPE1", "An Artist")];
const PLAIN = id3Tag(3, TITLE);

/** The tag with a size of 0, as ffmpeg writes it into a pipe. */
function unsized(tag: Uint8Array): Uint8Array {
  return new Uint8Array(tag).fill(0, 6, 10);
}

describe("the metadata of a track", () => {
  const of = async (...parts: Uint8Array[]) =>
    (await play(await shelf.file(...parts))).track.metadata;
  const both = { artist: "An Artist", title: "A Title" };
  const modern = [textFrame(4, "TPE1", "An Artist"), textFrame(4, "TIT2", "A Title")];

  test.each<[string, Uint8Array[], Uint8Array[]]>([
    [
      "ID3v2.2",
      [id3Tag(2, [textFrame(2, "TT2", "A Title"), textFrame(2, "TP1", "An Artist")])],
      [],
    ],
    ["ID3v2.3", [PLAIN], []],
    ["ID3v2.4", [id3Tag(4, modern)], []],
    ["ID3v2.3 whose writer could not seek back to its size", [unsized(PLAIN)], []],
    ["ID3v2 behind megabytes of cover", [id3Tag(3, [coverFrame(3, 5 << 20), ...TITLE])], []],
    ["ID3v2 before padding", [id3Tag(3, TITLE, { padding: 100_000 })], []],
    ["ID3v2 behind other frames", [id3Tag(3, [...otherFrames(60), ...TITLE])], []],
    [
      "ID3v2.4 behind long frames",
      [id3Tag(4, [textFrame(4, "TXXX", "x".repeat(5000)), ...modern])],
      [],
    ],
    ["ID3v1", [], [id3v1("A Title", "An Artist")]],
    ["APE", [], [apeTag({ Artist: "An Artist", Title: "A Title" })]],
    ["APE before ID3v1", [], [apeTag({ Title: "A Title", Artist: "An Artist" }), id3v1("x", "y")]],
    ["ID3v2 rather than the tags behind", [PLAIN], [apeTag({ Title: "x" }), id3v1("y", "z")]],
    ["ID3v1 when ID3v2 has no title", [id3Tag(3, otherFrames(3))], [id3v1("A Title", "An Artist")]],
  ])("is read from %s", async (_, before, after) => {
    expect(await of(...before, ...AUDIO, ...after)).toEqual(both);
  });

  test.each(["utf16", "utf8"] as const)("may be in %s", async (encoding) => {
    const frames = [
      textFrame(4, "TIT2", "Für Élise ☃ 😀", encoding),
      textFrame(4, "TPE1", "Björk", encoding),
    ];
    expect(await of(id3Tag(4, frames), ...AUDIO)).toEqual({
      artist: "Björk",
      title: "Für Élise ☃ 😀",
    });
  });

  test("is read from an unsynchronised tag", async () => {
    const frames = [
      textFrame(3, "TALB", "ÿàÿ", "utf16"),
      textFrame(3, "TIT2", "A Title", "utf16"),
      textFrame(3, "TPE1", "An Artist", "utf16"),
    ];
    const tag = id3Tag(3, [unsynchronised(concat(...frames))], { flags: 0x80 });
    expect(await of(tag, ...AUDIO)).toEqual({ ...both, album: "ÿàÿ" });
  });

  test.each([
    [3, Uint8Array.of(0, 0, 0, 6, 0, 0, 0, 0, 0, 0)],
    [4, Uint8Array.of(0, 0, 0, 6, 1, 0)],
  ] as const)("is read behind the extended header of ID3v2.%d", async (version, header) => {
    const frames = [textFrame(version, "TIT2", "A Title"), textFrame(version, "TPE1", "An Artist")];
    expect(await of(id3Tag(version, [header, ...frames], { flags: 0x40 }), ...AUDIO)).toEqual(both);
  });

  test("is one line without controls, of at most 1000 characters", async () => {
    const frames = [
      textFrame(4, "TIT2", `\x07 two\r\nlines\t${"x".repeat(1500)}`, "utf8"),
      textFrame(4, "TPE1", " An  Artist ", "utf8"),
    ];
    const { artist, title } = await of(id3Tag(4, frames), ...AUDIO);
    expect(artist).toBe("An Artist");
    expect(title).toBe(`two lines ${"x".repeat(990)}`);
  });

  const utf16 = (text: string) =>
    concat(Uint8Array.of(1, 0xff, 0xfe), Buffer.from(text, "utf16le"));
  const marked = (mark: number, text: string | Uint8Array) =>
    concat(Uint8Array.of(mark), typeof text === "string" ? Buffer.from(text) : text);

  test.each<[string, 3 | 4, Uint8Array, Uint8Array, string, string]>([
    [
      "several artists",
      4,
      marked(3, "First\0Second\0Third"),
      marked(3, "Duet"),
      "First, Second, Third",
      "Duet",
    ],
    ["several artists in UTF-16", 4, utf16("A\0B\0"), utf16("T\0U"), "A, B", "T"],
    [
      "UTF-16 with an odd byte",
      3,
      utf16("Odd"),
      concat(utf16("Length"), Uint8Array.of(0)),
      "Odd",
      "Length",
    ],
    [
      "UTF-16 without a mark",
      4,
      marked(2, Buffer.from("A\0", "latin1").swap16()),
      marked(3, "T"),
      "A",
      "T",
    ],
    ["UTF-8 marked as Latin-1", 3, marked(0, "Größe"), marked(0, "ändert"), "Größe", "ändert"],
    [
      "Windows-1252 marked as UTF-8",
      4,
      marked(3, Buffer.from("\x93x\x94", "latin1")),
      marked(3, "T"),
      "“x”",
      "T",
    ],
    ["a title that holds the artist", 3, marked(0, ""), marked(0, "A - T"), "A", "T"],
  ])("understands %s", async (_, version, artist, title, wantedArtist, wantedTitle) => {
    const frames = [id3Frame(version, "TPE1", artist), id3Frame(version, "TIT2", title)];
    expect(await of(id3Tag(version, frames), ...AUDIO)).toEqual({
      artist: wantedArtist,
      title: wantedTitle,
    });
  });

  /** As iTunes wrote it: the sizes of version 2.3 in a tag of version 2.4. */
  const plain = (...frames: [id: string, body: Uint8Array][]) =>
    frames.map(([id, body]) => id3Frame(3, id, body));

  test.each([0, 5000])(
    "is read from ID3v2.4 with plain sizes, before %d bytes of padding",
    async (padding) => {
      const cover = concat(Buffer.from("\0image/png\0\x03\0", "latin1"), garbage(70_000));
      const title = "Long Title ".repeat(20).trim();
      const frames = plain(
        ["APIC", cover],
        ["TIT2", utf16(title)],
        ["TPE1", marked(3, "An Artist")],
      );
      for (const order of [frames, frames.toReversed(), [frames[1]!, frames[2]!, frames[0]!]]) {
        expect(await of(id3Tag(4, order, { padding }), ...AUDIO)).toEqual({
          artist: "An Artist",
          title,
        });
      }
    },
  );

  test.each<[string, number, Uint8Array]>([
    ["a count of its bytes", 0x01, concat(Uint8Array.of(0, 0, 0, 8), marked(3, "A Title"))],
    ["a group", 0x40, concat(Uint8Array.of(7), marked(3, "A Title"))],
    [
      "unsynchronised bytes",
      0x02,
      concat(Uint8Array.of(1, 0xff, 0, 0xfe), Buffer.from("A Title", "utf16le")),
    ],
  ])("is read from a frame with %s", async (_, flags, body) => {
    const title = id3Frame(4, "TIT2", body);
    title[9] = flags;
    expect(await of(id3Tag(4, [title, textFrame(4, "TPE1", "An Artist")]), ...AUDIO)).toEqual(both);
  });

  test("is not read from compressed or encrypted frames", async () => {
    for (const [version, flags] of [
      [3, 0x80],
      [3, 0x40],
      [4, 0x08],
      [4, 0x04],
    ] as const) {
      const title = id3Frame(version, "TIT2", marked(0, "noise"));
      title[9] = flags;
      expect(await of(id3Tag(version, [title]), ...AUDIO)).toEqual(shelf.named);
    }
  });

  test("of ID3v1 is UTF-8 where it is valid", async () => {
    const tag = id3v1(Buffer.from("Größe").toString("latin1"), "caf\xe9");
    expect(await of(...AUDIO, tag)).toEqual({ artist: "café", title: "Größe" });
  });

  test("is the file's name when there is no title", async () => {
    expect(await of(...AUDIO)).toEqual(shelf.named);
    expect(await of(id3Tag(3, [textFrame(3, "TPE1", "An Artist")]), ...AUDIO)).toEqual(shelf.named);
    expect(await of(id3Tag(3, [textFrame(3, "TIT2", "  ")]), ...AUDIO)).toEqual(shelf.named);
  });

  const tiny = (id: string, count: number) =>
    Array.from({ length: count }, () => textFrame(3, id, "a"));

  test.each<[string, Uint8Array[], Uint8Array[]]>([
    ["a megabyte of tiny frames", [id3Tag(3, tiny("TXYZ", 80_000))], []],
    ["a megabyte of padding", [id3Tag(3, [], { padding: 1 << 20 })], []],
    ["a title of a megabyte", [id3Tag(3, [textFrame(3, "TIT2", "/".repeat(1 << 20))])], []],
    ["noise that begins like a tag", [id3Tag(3, [garbage(1 << 20)])], []],
    ["a size that is not true", [Uint8Array.of(0x49, 0x44, 0x33, 3, 0, 0, 127, 127, 127, 127)], []],
    ["an APE tag of a megabyte", [], [apeTag({ Cover: new Uint8Array(1 << 20) })]],
    ["an APE tag of tens of thousands of items", [], [apeTag(manyItems(40_000))]],
    ["an APE tag of an untrue size", [], [apeTag({ Title: "x" }).fill(0xff, 0, 40)]],
    ["sync bytes behind its audio", [], [new Uint8Array(1 << 20).fill(255), id3v1("", "")]],
    [
      "frames of an untrue size",
      [id3Tag(3, [id3Frame(3, "TIT2", garbage(50)).fill(255, 4, 8)])],
      [],
    ],
  ])("is found, or not, in no time with %s", async (_, before, after) => {
    await of(PLAIN, ...AUDIO);
    const path = await shelf.file(...before, ...AUDIO, ...after);
    let longestMs = 0;
    const startedMs = workedMs();
    let lastMs = startedMs;
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, workedMs() - lastMs);
      lastMs = workedMs();
    }, 1);
    const { track } = await play(path);
    const tookMs = workedMs() - startedMs;
    await Bun.sleep(2);
    clearInterval(watch);
    expect(tookMs).toBeLessThan(1000);
    expect(track.metadata.title).not.toBe("");
    expect(longestMs).toBeLessThan(100);
  });
});

function manyItems(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`Key${i}`, "value"]));
}

function otherFrames(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    textFrame(3, "TXXX", `key ${i}\0${"v".repeat(i)}`),
  );
}

describe("the name of a file", () => {
  test.each([
    ["Artist - Title", "Artist", "Title"],
    ["01 Artist - Title", "Artist", "Title"],
    ["01. Artist - Title", "Artist", "Title"],
    ["1. Artist - Title", "Artist", "Title"],
    ["12 - Artist - Title", "Artist", "Title"],
    ["007 - Title", "", "Title"],
    ["01_Some_Title", "", "Some Title"],
    ["Title", "", "Title"],
    ["Artist - Title - Remix", "Artist", "Title - Remix"],
    ["50 Cent - In da Club", "50 Cent", "In da Club"],
    ["99 Luftballons", "", "99 Luftballons"],
    ["1999", "", "1999"],
    ["01", "", "01"],
    ["31e new\nline - title", "31e new line", "title"],
    ["\u202eArtist\x1b[2J - Ti\ud800tle ", "Artist [2J", "Ti\ufffdtle"],
    ["Jean-Michel Jarre - Oxygène 4", "Jean-Michel Jarre", "Oxygène 4"],
  ])("%p means artist %p and title %p", (name, artist, title) => {
    expect(metadataOfName(`/music/${name}.mp3`)).toEqual({ artist, title });
  });
});
