// Ogg pages: reads, checks, renumbers and creates them.
import { isText } from "../parts/bytes.ts";

/** Length of a page header without the lacing table. */
export const OGG_HEAD_BYTES = 27;

/** A header with 255 lacing values of 255 bytes each. */
export const OGG_PAGE_MAX_BYTES = OGG_HEAD_BYTES + 255 + 255 * 255;

/** Flags of a page. */
export const OGG_CONTINUED = 1;
export const OGG_BOS = 2;
export const OGG_EOS = 4;

/** The granule of a page on which no packet ends. */
export const NO_GRANULE = -1;

const FLAGS_AT = 5;
const GRANULE_AT = 6;
const SERIAL_AT = 14;
const SEQUENCE_AT = 18;
const CRC_AT = 22;
const SEGMENTS_AT = 26;

const LONGEST_LACING = 255;

export interface OggPage {
  /** The complete page. */
  readonly bytes: Uint8Array;
  readonly flags: number;
  /** Exact up to 2^53; larger values are meaningless. */
  readonly granule: number;
  readonly serial: number;
  readonly sequence: number;
}

/** The part of a packet on one page. */
export interface PacketPiece {
  readonly bytes: Uint8Array;
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

/**
 * Length in bytes of the page whose header is at `at`; 0 if it is not a header, null if more bytes are needed.
 * Only the checksum shows whether the page is real.
 */
export function oggPageLength(bytes: Uint8Array, at: number): number | null {
  const visible = Math.min(4, bytes.length - at);
  if (!isText(bytes, at, "OggS".slice(0, visible))) return 0;
  if (at + OGG_HEAD_BYTES > bytes.length) return null;
  if (bytes[at + 4] !== 0) return 0;
  const segments = bytes[at + SEGMENTS_AT] ?? 0;
  const bodyAt = at + OGG_HEAD_BYTES + segments;
  if (bodyAt > bytes.length) return null;
  let length = OGG_HEAD_BYTES + segments;
  for (let i = at + OGG_HEAD_BYTES; i < bodyAt; i++) length += bytes[i] ?? 0;
  return length;
}

/** Parses exactly one page; null if the checksum is wrong. */
export function parseOggPage(bytes: Uint8Array): OggPage | null {
  if (viewOf(bytes).getUint32(CRC_AT, true) !== oggChecksum(bytes)) return null;
  return oggFieldsOf(bytes);
}

/** The same of a page that is known to be whole. */
export function oggFieldsOf(bytes: Uint8Array): OggPage {
  const view = viewOf(bytes);
  return {
    bytes,
    flags: view.getUint8(FLAGS_AT),
    granule: Number(view.getBigInt64(GRANULE_AT, true)),
    serial: view.getUint32(SERIAL_AT, true),
    sequence: view.getUint32(SEQUENCE_AT, true),
  };
}

/** The packets on a page in order; the first may continue from the previous page, the last on the next one. */
export function* piecesOf({
  bytes,
  flags,
}: Pick<OggPage, "bytes" | "flags">): Generator<PacketPiece> {
  const segments = bytes[SEGMENTS_AT] ?? 0;
  let isStart = (flags & OGG_CONTINUED) === 0;
  let from = OGG_HEAD_BYTES + segments;
  let to = from;
  for (let i = 0; i < segments; i++) {
    const lacing = bytes[OGG_HEAD_BYTES + i] ?? 0;
    to += lacing;
    const isEnd = lacing < LONGEST_LACING;
    if (!isEnd && i < segments - 1) continue;
    yield { bytes: bytes.subarray(from, to), isStart, isEnd };
    isStart = true;
    from = to;
  }
}

/** Whether the page begins with the start of a packet: a decoder may start there. */
export function startsWithPacket(page: OggPage): boolean {
  return (page.flags & OGG_CONTINUED) === 0 && (page.bytes[SEGMENTS_AT] ?? 0) > 0;
}

/** Sets a page's granule in place; renumberOggPage() must follow, to update the checksum. */
export function setOggGranule(bytes: Uint8Array, granule: number): void {
  viewOf(bytes).setBigInt64(GRANULE_AT, BigInt(granule), true);
}

/** Sets a page's serial and sequence number in place, and updates the checksum. */
export function renumberOggPage(bytes: Uint8Array, serial: number, sequence: number): void {
  const view = viewOf(bytes);
  view.setUint32(SERIAL_AT, serial, true);
  view.setUint32(SEQUENCE_AT, sequence, true);
  sealOggPage(bytes);
}

/** Pages for one packet; only the last one has the granule. */
export function oggPagesOf(
  packet: Uint8Array,
  page: Omit<OggPage, "bytes">,
): Uint8Array<ArrayBuffer>[] {
  const most = LONGEST_LACING * LONGEST_LACING;
  const pages: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; ; at += most) {
    const body = packet.subarray(at, at + most);
    const isLast = at + most > packet.length;
    const lacing = new Uint8Array(Math.floor(body.length / LONGEST_LACING) + (isLast ? 1 : 0));
    lacing.fill(LONGEST_LACING);
    if (isLast) lacing[lacing.length - 1] = body.length % LONGEST_LACING;
    const flags = page.flags | (at > 0 ? OGG_CONTINUED : 0);
    const granule = isLast ? page.granule : NO_GRANULE;
    const sequence = page.sequence + pages.length;
    pages.push(makePage(lacing, body, { ...page, flags, granule, sequence }));
    if (isLast) return pages;
  }
}

/** An empty last page, for a chain without one. */
export function emptyLastPage(
  serial: number,
  sequence: number,
  granule: number,
): Uint8Array<ArrayBuffer> {
  const none = new Uint8Array(0);
  return makePage(none, none, { flags: OGG_EOS, granule, serial, sequence });
}

function makePage(
  lacing: Uint8Array,
  body: Uint8Array,
  page: Omit<OggPage, "bytes">,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(OGG_HEAD_BYTES + lacing.length + body.length);
  const view = viewOf(bytes);
  view.setUint32(0, 0x4f676753);
  view.setUint8(FLAGS_AT, page.flags);
  view.setBigInt64(GRANULE_AT, BigInt(page.granule), true);
  view.setUint32(SERIAL_AT, page.serial, true);
  view.setUint32(SEQUENCE_AT, page.sequence, true);
  view.setUint8(SEGMENTS_AT, lacing.length);
  bytes.set(lacing, OGG_HEAD_BYTES);
  bytes.set(body, OGG_HEAD_BYTES + lacing.length);
  sealOggPage(bytes);
  return bytes;
}

function sealOggPage(bytes: Uint8Array): void {
  viewOf(bytes).setUint32(CRC_AT, oggChecksum(bytes), true);
}

/** CRC-32 with polynomial 04C11DB7, not reflected, initial value 0, counting the checksum's own bytes as zeros. */
export function oggChecksum(bytes: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = i >= CRC_AT && i < CRC_AT + 4 ? 0 : (bytes[i] ?? 0);
    crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] ?? 0);
  }
  return crc >>> 0;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
