// Finds the start and end of a file's audio between its tags, however they are nested.
import { isText } from "../parts/bytes.ts";
import { ID3_HEAD_BYTES, id3v2Length, id3v2LengthFromFooter } from "./id3.ts";
import { isUnsizedTag } from "./tag-walk.ts";

/** Reads length bytes at offset; may return fewer. */
export type RangeReader = (offset: number, length: number) => Promise<Uint8Array>;

/** Offsets in bytes; `end` is the first byte after the audio. 0 <= start <= end <= size. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

// Tags at either end beyond this number are left to the parser as garbage.
const MOST_TAGS = 16;

const ID3V1_BYTES = 128;
const ID3V1_PLUS_BYTES = 227;
const APE_BYTES = 32;
const LYRICS3V1_LIMIT = 5100;
const LYRICS_BEGIN = "LYRICSBEGIN";
const TAIL_BYTES = ID3V1_BYTES + ID3V1_PLUS_BYTES;

/**
 * The part of a file between its leading tags (ID3v2, APE) and trailing ones (ID3v1 and TAG+, Lyrics3, APE,
 * ID3v2 with a footer), in any order and number. Of a tag with an impossible size, only the header is skipped.
 * At most 3 x MOST_TAGS reads, none above 5.1 kB. Rejects only if the reader does.
 */
export async function audioExtent(reader: RangeReader, size: number): Promise<Extent> {
  const start = await skipLeadingTags(reader, size);
  const end = await stripTrailingTags(reader, start, size);
  return { start, end };
}

async function skipLeadingTags(reader: RangeReader, size: number): Promise<number> {
  let start = 0;
  for (let round = 0; round < MOST_TAGS && start < size; round++) {
    const head = await reader(start, Math.min(APE_BYTES, size - start));
    const tag = leadingTag(head);
    if (tag === null) break;
    start += start + tag.length <= size ? tag.length : tag.visible;
  }
  return start;
}

async function stripTrailingTags(
  reader: RangeReader,
  start: number,
  size: number,
): Promise<number> {
  let end = size;
  for (let round = 0; round < MOST_TAGS && end > start; round++) {
    const length = Math.min(TAIL_BYTES, end - start);
    const tail = await reader(end - length, length);
    if (tail.length !== length) break;
    const tag = trailingTag(tail) ?? (await trailingLyrics(reader, tail, start, end));
    if (tag === null) break;
    end -= tag.length <= end - start ? tag.length : tag.visible;
  }
  return end;
}

/** `length`: according to its own size field. `visible`: the header or footer that was recognised. */
interface Tag {
  readonly length: number;
  readonly visible: number;
}

function leadingTag(head: Uint8Array): Tag | null {
  const id3 = id3v2Length(head, 0);
  // A tag without a size is left to the parser, which skips its frames.
  if (isUnsizedTag(head)) return null;
  if (id3 > 0) return { length: id3, visible: ID3_HEAD_BYTES };
  const ape = parseApe(head, 0);
  return ape === null ? null : { length: APE_BYTES + ape.size, visible: APE_BYTES };
}

function trailingTag(tail: Uint8Array): Tag | null {
  const size = tail.length;
  if (isText(tail, size - ID3V1_BYTES, "TAG")) {
    const length = isText(tail, size - TAIL_BYTES, "TAG+") ? TAIL_BYTES : ID3V1_BYTES;
    return { length, visible: length };
  }
  const ape = parseApe(tail, size - APE_BYTES);
  if (ape !== null) {
    const length = Math.max(ape.size, APE_BYTES) + (ape.hasHeader ? APE_BYTES : 0);
    return { length, visible: APE_BYTES };
  }
  const id3 = id3v2LengthFromFooter(tail, size - ID3_HEAD_BYTES);
  return id3 > 0 ? { length: id3, visible: ID3_HEAD_BYTES } : null;
}

interface ApeTag {
  /** The size field: items and footer, without the header. */
  readonly size: number;
  readonly hasHeader: boolean;
}

function parseApe(bytes: Uint8Array, at: number): ApeTag | null {
  if (!isText(bytes, at, "APETAGEX") || at + APE_BYTES > bytes.length) return null;
  const version = littleEndian(bytes, at + 8);
  if (version !== 1000 && version !== 2000) return null;
  const hasHeader = version === 2000 && littleEndian(bytes, at + 20) >= 2 ** 31;
  return { size: littleEndian(bytes, at + 12), hasHeader };
}

function littleEndian(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 3; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

async function trailingLyrics(
  reader: RangeReader,
  tail: Uint8Array,
  start: number,
  end: number,
): Promise<Tag | null> {
  const size = tail.length;
  if (isText(tail, size - 9, "LYRICS200")) return lyrics3v2(tail);
  if (!isText(tail, size - 9, "LYRICSEND")) return null;
  const length = Math.min(LYRICS_BEGIN.length + LYRICS3V1_LIMIT + 9, end - start);
  const text = await reader(end - length, length);
  const begin = lastIndexOfText(text, LYRICS_BEGIN);
  return { length: begin < 0 ? 9 : length - begin, visible: 9 };
}

function lyrics3v2(tail: Uint8Array): Tag {
  const digits = String.fromCharCode(...tail.subarray(Math.max(0, tail.length - 15), -9));
  const visible = 9;
  return { length: /^\d{6}$/.test(digits) ? Number(digits) + 15 : visible, visible };
}

function lastIndexOfText(bytes: Uint8Array, text: string): number {
  for (let at = bytes.length - text.length; at >= 0; at--) {
    if (isText(bytes, at, text)) return at;
  }
  return -1;
}
