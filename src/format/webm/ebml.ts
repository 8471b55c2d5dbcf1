// EBML, the element structure of WebM and Matroska: an id, a size, and contents that may be elements again.
import { decodeText } from "../../lib/text.ts";

export interface EbmlElement {
  /** With its length marker, as stored: 0x1a45dfa3. */
  readonly id: number;
  /** Length of id and size in bytes. */
  readonly headBytes: number;
  /** Length of the contents in bytes; null if unknown: it ends where the next element of its level begins. */
  readonly size: number | null;
}

/** "short": more bytes are needed. */
export type EbmlRead = EbmlElement | "short" | "invalid";

/** The header of the element at `at`. */
export function readEbml(bytes: Uint8Array, at: number): EbmlRead {
  const idBytes = vintBytes(bytes, at);
  if (idBytes === null) return "short";
  if (idBytes > 4) return "invalid";
  const sizeBytes = vintBytes(bytes, at + idBytes);
  if (sizeBytes === null) return "short";
  const headBytes = idBytes + sizeBytes;
  if (sizeBytes > 8) return "invalid";
  if (at + headBytes > bytes.length) return "short";
  const size = unmarkedNumber(bytes, at + idBytes, sizeBytes);
  // All ones mean unknown. The comparison is inexact for eight bytes, but no element is that long.
  const isKnown = size < Math.min(2 ** (7 * sizeBytes) - 1, Number.MAX_SAFE_INTEGER);
  const id = numberAt(bytes, at, idBytes);
  return { id, headBytes, size: isKnown ? size : null };
}

/** A variable-length number, such as a size or a track number; null if it is incomplete. */
export function ebmlVint(bytes: Uint8Array): { value: number; length: number } | null {
  const length = vintBytes(bytes, 0);
  if (length === null || length > 8 || length > bytes.length) return null;
  return { value: unmarkedNumber(bytes, 0, length), length };
}

/** The complete elements in these contents, up to the first broken one; only their top level. */
export function* ebmlElements(contents: Uint8Array): Generator<[id: number, contents: Uint8Array]> {
  for (let at = 0; at < contents.length;) {
    const element = readEbml(contents, at);
    if (typeof element === "string" || element.size === null) return;
    const from = at + element.headBytes;
    at = from + element.size;
    if (at > contents.length) return;
    yield [element.id, contents.subarray(from, at)];
  }
}

/** The contents of the first element with this id, or null. */
export function ebmlChild(contents: Uint8Array, id: number): Uint8Array | null {
  for (const [childId, child] of ebmlElements(contents)) if (childId === id) return child;
  return null;
}

/** Bytes of the longest number. */
const NUMBER_BYTES = 8;

/** An unsigned number, big endian; exact up to 2^53. One of too many bytes would be infinite: the last of them count. */
export function ebmlNumber(contents: Uint8Array): number {
  return contents.subarray(-NUMBER_BYTES).reduce((value, byte) => value * 256 + byte, 0);
}

/** A float of 4 or 8 bytes; NaN for any other length. */
export function ebmlFloat(contents: Uint8Array): number {
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  if (contents.length === 4) return view.getFloat32(0);
  return contents.length === 8 ? view.getFloat64(0) : Number.NaN;
}

/** Text without its zero padding. */
export function ebmlText(contents: Uint8Array): string {
  return decodeText(contents).replace(/\0.*$/s, "");
}

/** Sets an element's size to unknown, in place. */
export function forgetEbmlSize(bytes: Uint8Array, at: number): void {
  const sizeAt = at + (vintBytes(bytes, at) ?? 1);
  const sizeBytes = vintBytes(bytes, sizeAt) ?? 1;
  bytes.fill(0xff, sizeAt, sizeAt + sizeBytes);
  bytes[sizeAt] = 2 ** (9 - sizeBytes) - 1;
}

/** The value without its length marker, which would cause rounding with eight bytes. */
function unmarkedNumber(bytes: Uint8Array, at: number, length: number): number {
  const first = (bytes[at] ?? 0) - 2 ** (8 - length);
  return first * 256 ** (length - 1) + numberAt(bytes, at + 1, length - 1);
}

/** Reads without creating a view, since element headers are read very often. */
function numberAt(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = at; i < at + length; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

/** 1 to 8, one more than the leading zeros of the first byte; 9 if the byte is 0. */
function vintBytes(bytes: Uint8Array, at: number): number | null {
  const first = bytes[at];
  return first === undefined ? null : Math.clz32(first) - 23;
}
