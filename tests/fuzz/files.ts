// What lies in a music folder or is typed by an operator: nothing of it throws, and every reading ends.
import { scan } from "../../src/config/hcl/scan.ts";
import { apeItems } from "../../src/format/tags/ape.ts";
import { audioExtent, type RangeReader } from "../../src/format/tags/extent.ts";
import { id3Frames } from "../../src/format/tags/id3-frames.ts";
import { id3Texts } from "../../src/format/tags/id3-text.ts";
import { decodeText, MAX_TEXT_LENGTH, plainText } from "../../src/lib/text.ts";
import { splitTitle, titleLine } from "../../src/lib/titled.ts";
import { listedLocations, MAX_LISTED, pathsOf } from "../../src/library/playlist-file.ts";
import { concat, id3v2, mpegFrames } from "../format/mpeg-builder.ts";
import { type Target, hold } from "./target.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A frame of ID3v2.4 with text in UTF-8. */
function textFrame(id: string, text: string): Uint8Array {
  const contents = utf8(`\u0003${text}`);
  return concat(utf8(id), Uint8Array.of(0, 0, 0, contents.length, 0, 0), contents);
}

const frames = concat(textFrame("TIT2", "Title"), textFrame("TPE1", "Artist"), new Uint8Array(20));
const tagged = concat(id3v2(frames.length, { contents: frames }), ...mpegFrames(2));

function apeTag(name: string, value: string): Uint8Array {
  const u32 = (number: number) => Uint8Array.of(number, number >> 8, number >> 16, number >> 24);
  const item = concat(u32(value.length), u32(0), utf8(`${name}\0${value}`));
  const footer = concat(utf8("APETAGEX"), u32(2000), u32(item.length + 32), u32(1), u32(0));
  return concat(item, footer, new Uint8Array(8));
}

/** More reads than any tag of this size is worth. */
const MOST_READS = 4000;

/** Reads from memory; throws when it is asked for too long. */
function readerOf(bytes: Uint8Array): RangeReader {
  let reads = 0;
  return async (offset, length) => {
    hold(++reads <= MOST_READS, "the tag is read without end");
    hold(Number.isInteger(offset) && offset >= 0 && length >= 0, `it reads ${length} at ${offset}`);
    return bytes.slice(offset, offset + length);
  };
}

const WANTED = { ids: new Set(["TIT2", "TPE1", "APIC"]), maxUnsynchronisedBytes: 1 << 16 };

const playlist = (name: string, text: string): Target => ({
  name: `playlist file ${name}`,
  seeds: [utf8(text)],
  check(bytes) {
    const listed = listedLocations(name, bytes);
    hold(listed.length <= MAX_LISTED, "too many are listed");
    for (const location of listed.slice(0, 20)) pathsOf(location, `/music/${name}`);
  },
});

const HCL = `server {
  source_password = "a\\"b" # why
  listen_port     = 8001
}
mount "/live" {
  playlist { extensions = [".mp3", ".ogg"] }
  text = <<END
one
END
}
`;

export const files: readonly Target[] = [
  {
    name: "ID3v2 tags",
    seeds: [tagged],
    async check(bytes) {
      const found = await id3Frames(readerOf(bytes), bytes.length, WANTED);
      for (const frame of found) id3Texts((await frame.read(1000)) ?? new Uint8Array(0));
    },
  },
  {
    name: "extent of the audio",
    seeds: [tagged, concat(tagged, apeTag("Title", "A song"))],
    async check(bytes) {
      const { start, end } = await audioExtent(readerOf(bytes), bytes.length);
      hold(start >= 0 && end <= bytes.length, `the audio is from ${start} to ${end}`);
    },
  },
  {
    name: "APE tags",
    seeds: [apeTag("Title", "A song"), apeTag("REPLAYGAIN_TRACK_GAIN", "-3.20 dB")],
    check: (bytes) => void apeItems(bytes),
  },
  {
    name: "texts",
    seeds: [utf8("Björk – Jóga"), Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x3d, 0xd8)],
    check(bytes) {
      const text = plainText(decodeText(bytes));
      hold(text.length <= MAX_TEXT_LENGTH, "a text is too long");
      hold(!/[\u0000-\u001f\u007f]/.test(text), "a text holds control characters");
      titleLine(splitTitle(text));
    },
  },
  playlist("list.m3u", "#EXTM3U\n#EXTINF:12,A - B\nsub/a song.mp3\nfile:///music/b.mp3\n"),
  playlist("list.pls", "[playlist]\nFile1=a.mp3\nTitle1=A\nFile2=b.mp3\nNumberOfEntries=2\n"),
  playlist(
    "list.xspf",
    "<playlist><trackList><track><location>a%20b.mp3</location></track></trackList></playlist>",
  ),
  {
    name: "HCL",
    seeds: [utf8(HCL)],
    check: (bytes) => void scan(Buffer.from(bytes).toString("utf8")),
  },
];
