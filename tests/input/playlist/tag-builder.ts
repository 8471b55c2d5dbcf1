// Writes tags as taggers do: ID3v2 in its three versions, ID3v1, APE, Lyrics3.
import { concat, id3v2 } from "../../format/mpeg-builder.ts";

const ascii = (text: string): Uint8Array => Buffer.from(text, "latin1");

function bigEndian(value: number, bytes: number, bits = 8): Uint8Array {
  const mask = 2 ** bits - 1;
  return Uint8Array.from({ length: bytes }, (_, i) => (value >> ((bytes - 1 - i) * bits)) & mask);
}

function littleEndian(value: number): Uint8Array {
  return bigEndian(value, 4).reverse();
}

/** A frame of an ID3v2 tag. */
export function id3Frame(version: 2 | 3 | 4, id: string, body: Uint8Array): Uint8Array {
  if (version === 2) return concat(ascii(id), bigEndian(body.length, 3), body);
  const size = bigEndian(body.length, 4, version === 4 ? 7 : 8);
  return concat(ascii(id), size, new Uint8Array(2), body);
}

export type TextEncoding = "latin1" | "utf16" | "utf8";

export function textFrame(
  version: 2 | 3 | 4,
  id: string,
  text: string,
  encoding: TextEncoding = "latin1",
): Uint8Array {
  if (encoding === "utf16") {
    const body = concat(Uint8Array.of(1, 0xff, 0xfe), Buffer.from(text, "utf16le"));
    return id3Frame(version, id, body);
  }
  const mark = encoding === "utf8" ? 3 : 0;
  return id3Frame(version, id, concat(Uint8Array.of(mark), Buffer.from(text, encoding)));
}

export function coverFrame(version: 3 | 4, size: number): Uint8Array {
  return id3Frame(version, "APIC", concat(ascii("\0image/png\0\x03\0"), new Uint8Array(size)));
}

/** The tag; flags are those of its head. */
export function id3Tag(
  version: 2 | 3 | 4,
  frames: readonly Uint8Array[],
  { flags = 0, padding = 0 } = {},
): Uint8Array {
  const contents = concat(...frames, new Uint8Array(padding));
  const tag = id3v2(contents.length, { version, contents });
  tag[5] = flags;
  return tag;
}

/** Puts a zero behind each 0xFF that could be taken for a frame's start. */
export function unsynchronised(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  bytes.forEach((byte, i) => {
    out.push(byte);
    const next = bytes[i + 1] ?? 0;
    if (byte === 0xff && (next >= 0xe0 || next === 0)) out.push(0);
  });
  return Uint8Array.from(out);
}

export function id3v1(title: string, artist: string): Uint8Array {
  const tag = new Uint8Array(128);
  tag.set(ascii("TAG"));
  tag.set(ascii(title.slice(0, 30)), 3);
  tag.set(ascii(artist.slice(0, 30)), 33);
  return tag;
}

/** An APE tag with its header, as at the end of a file. */
export function apeTag(items: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const written = Object.entries(items).map(([key, value]) => {
    const bytes = typeof value === "string" ? Buffer.from(value) : value;
    const flags = typeof value === "string" ? 0 : 2;
    return concat(littleEndian(bytes.length), littleEndian(flags), ascii(`${key}\0`), bytes);
  });
  const body = concat(...written);
  const edge = (flags: number) =>
    concat(
      ascii("APETAGEX"),
      littleEndian(2000),
      littleEndian(body.length + 32),
      littleEndian(written.length),
      littleEndian(flags),
      new Uint8Array(8),
    );
  return concat(edge(0xa0000000 | 0), body, edge(0x80000000 | 0));
}

export function lyrics3(text: string): Uint8Array {
  const body = `LYRICSBEGININD0000200LYR${String(text.length).padStart(5, "0")}${text}`;
  return ascii(`${body}${String(body.length).padStart(6, "0")}LYRICS200`);
}
