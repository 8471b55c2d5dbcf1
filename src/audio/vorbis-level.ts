// Keeps the level of a Vorbis file in its comments, in the bytes where the encoder's name stood, so that no length changes.
import { oggPageLength, parseOggPage, piecesOf, renumberOggPage } from "../format/ogg/ogg-page.ts";
import { isText } from "../format/parts/bytes.ts";

export interface Level {
  /** LUFS */
  readonly loudness: number | null;
  /** dBTP */
  readonly truePeak: number | null;
}

const COMMENTS = "\x03vorbis";
const KEY = "CYCAST_LEVEL=";
const VALUE_LENGTH = 15;
const VENDOR = "libvorbis";

/** `headers`: the first pages of a file, changed in place. Leaves them as they are if there is no room. */
export function setVorbisLevel(headers: Uint8Array, level: Level): void {
  const packet = commentsOf(headers);
  if (packet === null) return;
  const value = [level.loudness, level.truePeak].map((db) => db?.toFixed(2) ?? "none").join(" ");
  const comment = Buffer.from(KEY + value.padEnd(VALUE_LENGTH));
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
export function vorbisLevel(headers: Uint8Array): Level {
  const packet = commentsOf(headers);
  const text = packet === null ? "" : Buffer.from(packet).toString("latin1");
  const at = text.indexOf(KEY);
  const values =
    at < 0
      ? []
      : text
          .slice(at + KEY.length, -1)
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
function commentsOf(headers: Uint8Array): Uint8Array | null {
  const page = secondPage(headers);
  if (page === null) return null;
  const [first] = piecesOf({ bytes: page, flags: 0 });
  return first !== undefined && first.isEnd && isText(first.bytes, 0, COMMENTS)
    ? first.bytes
    : null;
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
