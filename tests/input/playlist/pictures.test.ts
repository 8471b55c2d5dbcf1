// Which picture of a file is shown: its front cover, wherever it stands, else the first.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { MAX_PICTURE_BYTES, readPicture } from "../../../src/input/playlist/picture.ts";
import { concat, mpegFrames } from "../../format/mpeg-builder.ts";
import {
  BOS,
  comments,
  CONTINUED,
  flacBlock,
  flacHead,
  flacPacket,
  oggPage,
  opusHead,
  opusPacket,
  vorbisId,
} from "../../format/ogg-builder.ts";
import { testDisk } from "../../support/disk.ts";
import { Shelf } from "./shelf.ts";
import { id3Frame, id3Tag } from "./tag-builder.ts";

const DISK = testDisk();

let shelf: Shelf;
beforeAll(async () => {
  shelf = await Shelf.open();
});
afterAll(() => shelf[Symbol.asyncDispose]());

/** The last byte of the picture that a file shows; null when it shows none. */
async function shown(...parts: Uint8Array[]): Promise<number | null> {
  const look = await readPicture(DISK, await shelf.file(...parts));
  return look?.picture?.bytes.at(-1) ?? null;
}

/** Ends with this byte. */
function png(mark: number, size = 60): Uint8Array {
  const image = new Uint8Array(size).fill(mark);
  image.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return image;
}

const [BACK, FRONT, OTHER] = [4, 3, 0];

function apic(type: number, image: Uint8Array, description = "\0a picture\0"): Uint8Array {
  const [mark = "", text = ""] = [description[0], description.slice(1)];
  const head = `${mark}image/png\0${String.fromCharCode(type)}${text}`;
  return concat(Buffer.from(head, "latin1"), image);
}

const AUDIO = mpegFrames(3);
const file3 = (...bodies: Uint8Array[]) => [
  id3Tag(
    3,
    bodies.map((body) => id3Frame(3, "APIC", body)),
  ),
  ...AUDIO,
];

describe("of ID3", () => {
  test.each([
    ["the front cover behind others", [apic(BACK, png(1)), apic(FRONT, png(2))], 2],
    ["the first of several front covers", [apic(FRONT, png(1)), apic(FRONT, png(2))], 1],
    ["the first when there is no front cover", [apic(BACK, png(1)), apic(OTHER, png(2))], 1],
    [
      "one that is not too large",
      [apic(FRONT, png(1, MAX_PICTURE_BYTES + 5000)), apic(BACK, png(2))],
      2,
    ],
    ["one described in UTF-16", [apic(FRONT, png(2), "\x01\xff\xfea\0\0\x01\0\0")], 2],
    ["none when there is none", [Uint8Array.of(0, 1)], null],
  ])("it is %s", async (_, bodies, wanted) => {
    expect(await shown(...file3(...bodies))).toBe(wanted);
  });

  test("it is found in versions 2.2 and 2.4, in plain sizes too", async () => {
    const pic = (type: number, mark: number) =>
      id3Frame(2, "PIC", concat(Buffer.from(`\0PNG${String.fromCharCode(type)}x\0`), png(mark)));
    expect(await shown(id3Tag(2, [pic(BACK, 1), pic(FRONT, 2)]), ...AUDIO)).toBe(2);
    for (const version of [3, 4] as const) {
      const frames = [apic(BACK, png(1, 900)), apic(FRONT, png(2, 900))];
      const tag = frames.map((body) => id3Frame(version, "APIC", body));
      expect(await shown(id3Tag(4, tag), ...AUDIO)).toBe(2);
    }
  });
});

const u32be = (value: number) => Uint8Array.of(value >> 24, value >> 16, value >> 8, value);

/** The picture block of FLAC. */
function block(type: number, image: Uint8Array): Uint8Array {
  const media = Buffer.from("image/png");
  const text = Buffer.from("x");
  const numbers = new Uint8Array(16);
  const head = concat(u32be(type), u32be(media.length), media, u32be(text.length), text, numbers);
  return concat(head, u32be(image.length), image);
}

const commented = (type: number, image: Uint8Array, name = "METADATA_BLOCK_PICTURE") =>
  `${name}=${Buffer.from(block(type, image)).toString("base64")}`;

/** Packets one after another, each on pages of its own. */
function pagesOf(...packets: Uint8Array[]): Uint8Array[] {
  let sequence = 0;
  return packets.flatMap((packet, index) => {
    const pages: Uint8Array[] = [];
    for (let at = 0; at <= packet.length; at += 255 * 255) {
      const part = packet.subarray(at, at + 255 * 255);
      const flags = index === 0 ? BOS : at > 0 ? CONTINUED : 0;
      const isOpen = part.length === 255 * 255;
      pages.push(oggPage({ packets: [part], flags, sequence: sequence++, isOpen }));
    }
    return pages;
  });
}

describe("of FLAC", () => {
  const MARK = Buffer.from("fLaC");
  const info = flacBlock(0, new Uint8Array(34));
  const picture = (type: number, image: Uint8Array, isLast = false) =>
    flacBlock(6, block(type, image), isLast);

  test("it is the front cover among its blocks, else the first", async () => {
    const [back, other] = [picture(BACK, png(1)), picture(OTHER, png(3))];
    const front = picture(FRONT, png(2, 1 << 20));
    const tags = flacBlock(4, comments(["TITLE=x"]), true);
    expect(await shown(MARK, info, back, front, tags)).toBe(2);
    expect(await shown(MARK, info, other, back, tags)).toBe(3);
    expect(await shown(MARK, info, tags)).toBeNull();
    expect(await shown(MARK, info, picture(BACK, png(1), true), front)).toBe(1);
  });

  test("behind an ID3 tag it is found, cut short it is none", async () => {
    const front = picture(FRONT, png(2), true);
    expect(await shown(id3Tag(3, []), MARK, info, front)).toBe(2);
    expect(await shown(MARK, info, front.subarray(0, 30))).toBeNull();
    expect(await shown(MARK, info.subarray(0, 3))).toBeNull();
  });

  test("that is too large is not read, and a smaller one is shown instead", async () => {
    const large = picture(FRONT, png(2, MAX_PICTURE_BYTES + 10_000));
    const look = await readPicture(DISK, await shelf.file(MARK, info, large));
    expect(look).toMatchObject({ picture: null, isTooLarge: true });
    expect(await shown(MARK, info, large, picture(BACK, png(1), true))).toBe(1);
  });
});

describe("of Ogg", () => {
  const opus = (...list: string[]) =>
    pagesOf(opusHead(), concat(Buffer.from("OpusTags"), comments(list)), opusPacket());

  test("it is the front cover among the comments, else the first", async () => {
    const [back, front] = [commented(BACK, png(1)), commented(FRONT, png(2))];
    expect(await shown(...opus("TITLE=x", back, front))).toBe(2);
    expect(await shown(...opus(back, commented(OTHER, png(3))))).toBe(1);
    expect(await shown(...opus(commented(FRONT, png(5), "metadata_block_picture")))).toBe(5);
    expect(await shown(...opus("TITLE=x"))).toBeNull();
  });

  test("it may be megabytes long, behind another", async () => {
    const list = [commented(BACK, png(1)), commented(FRONT, png(2, 2 << 20))];
    expect(await shown(...opus(...list))).toBe(2);
  });

  test("it is a block of FLAC's own too, beside comments", async () => {
    const tags = flacBlock(4, comments(["TITLE=x", commented(OTHER, png(1))]));
    const back = flacBlock(6, block(BACK, png(2)));
    const front = flacBlock(6, block(FRONT, png(3, 300_000)), true);
    const head = flacHead({ headers: 3 });
    expect(await shown(...pagesOf(head, tags, back, front, flacPacket()))).toBe(3);
    expect(await shown(...pagesOf(head, tags, back, flacPacket()))).toBe(1);
    const late = flacBlock(6, block(FRONT, png(4)));
    const plain = flacBlock(4, comments([]), true);
    expect(await shown(...pagesOf(head, plain, late, flacPacket()))).toBeNull();
  });

  test("is looked for in the headers alone", async () => {
    const audio = concat(Buffer.from("\0", "latin1"), Buffer.from(commented(FRONT, png(1))));
    const plain = concat(Buffer.from("\x03vorbis"), comments([]));
    expect(await shown(...pagesOf(vorbisId(), plain, audio))).toBeNull();
  });
});
