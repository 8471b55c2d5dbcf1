// Keeps the level of an Ogg file in its comments, in bytes that are there before it is known, so that no length changes.
import { oggPageLength, parseOggPage, piecesOf, renumberOggPage } from "../format/ogg/ogg-page.ts";
import { isText } from "../format/parts/bytes.ts";

export interface Level {
  /** LUFS */
  readonly loudness: number | null;
  /** dBTP */
  readonly truePeak: number | null;
}

const COMMENTS = "\x03vorbis";
const OPUS_COMMENTS = "OpusTags";
/** The last block of FLAC's metadata, of the kind "comments". */
const FLAC_COMMENTS = "\x84";
const KEY = "CYCAST_LEVEL=";
const VALUE_LENGTH = 15;
const VENDOR = "libvorbis";
const VENDOR_OF_COPIES = "Cycast";

/** A vendor and the level as the only comment, of the same length for every level. */
export function levelComments(level: Level): Uint8Array {
  const comment = Buffer.from(KEY + valueOf(level));
  const block = Buffer.alloc(4 + VENDOR_OF_COPIES.length + 8 + comment.length);
  block.writeUInt32LE(VENDOR_OF_COPIES.length, 0);
  block.write(VENDOR_OF_COPIES, 4);
  block.writeUInt32LE(1, 4 + VENDOR_OF_COPIES.length);
  block.writeUInt32LE(comment.length, 8 + VENDOR_OF_COPIES.length);
  block.set(comment, 12 + VENDOR_OF_COPIES.length);
  return block;
}

function valueOf({ loudness, truePeak }: Level): string {
  return [loudness, truePeak]
    .map((db) => db?.toFixed(2) ?? "none")
    .join(" ")
    .padEnd(VALUE_LENGTH);
}

/** `headers`: the first pages of a Vorbis file, changed in place. Leaves them as they are if there is no room. */
export function setVorbisLevel(headers: Uint8Array, level: Level): void {
  const packet = commentsOf(headers, COMMENTS);
  if (packet === null) return;
  const comment = Buffer.from(KEY + valueOf(level));
  const vendorLength = packet.length - COMMENTS.length - 4 - 4 - 4 - comment.length - 1;
  if (vendorLength < 0) return;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const vendorAt = COMMENTS.length + 4;
  view.setUint32(COMMENTS.length, vendorLength, true);
  packet.set(Buffer.from(VENDOR.slice(0, vendorLength).padEnd(vendorLength)), vendorAt);
  view.setUint32(vendorAt + vendorLength, 1, true);
  view.setUint32(vendorAt + vendorLength + 4, comment.length, true);
  packet.set(comment, vendorAt + vendorLength + 8);
  packet[packet.length - 1] = 1;
  seal(headers);
}

/** `headers`: the first pages of a file. */
export function oggLevel(headers: Uint8Array): Level {
  const packet = commentsOf(headers, COMMENTS, OPUS_COMMENTS, FLAC_COMMENTS);
  const text = packet === null ? "" : Buffer.from(packet).toString("latin1");
  const at = text.indexOf(KEY);
  const values =
    at < 0
      ? []
      : text
          .slice(at + KEY.length, at + KEY.length + VALUE_LENGTH)
          .trim()
          .split(" ")
          .map(Number);
  const [loudness = NaN, truePeak = NaN] = values;
  return { loudness: numberOrNull(loudness), truePeak: numberOrNull(truePeak) };
}

function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A view of the packet, which is whole on the second page. */
function commentsOf(headers: Uint8Array, ...marks: readonly string[]): Uint8Array | null {
  const page = secondPage(headers);
  if (page === null) return null;
  const [first] = piecesOf({ bytes: page, flags: 0 });
  if (first === undefined || !first.isEnd) return null;
  return marks.some((mark) => isText(first.bytes, 0, mark)) ? first.bytes : null;
}

function secondPage(headers: Uint8Array): Uint8Array | null {
  const first = oggPageLength(headers, 0) ?? 0;
  const second = first === 0 || first > headers.length ? 0 : (oggPageLength(headers, first) ?? 0);
  if (second === 0 || first + second > headers.length) return null;
  return headers.subarray(first, first + second);
}

function seal(headers: Uint8Array): void {
  const page = secondPage(headers);
  const serial = parseOggPage(headers.slice(0, oggPageLength(headers, 0) ?? 0))?.serial ?? 0;
  if (page !== null) renumberOggPage(page, serial, 1);
}
