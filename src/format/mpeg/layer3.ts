// The structure of a layer III frame: its side information, its slot, and where its main data lies. Main data may begin in
// the slots of earlier frames (the bit reservoir), so a frame taken by itself is often not decodable.
import { type MpegHeader, parseMpegHeader, sideInfoBytes } from "../sync/mpeg.ts";
import { bitsAt } from "../parts/bits.ts";
import { crc16 } from "./crc16.ts";

export interface Layer3Frame {
  readonly bytes: Uint8Array;
  readonly header: MpegHeader;
  /** Offset of the side information. */
  readonly sideInfo: number;
  /** Offset of the slot: the bytes behind the side information, which hold main data of this frame and of later ones. */
  readonly slot: number;
  readonly slotBytes: number;
  /** Bytes before the slot, counted in slots only, at which this frame's main data begins. */
  readonly mainDataBegin: number;
  /** Bytes of this frame's main data; what follows up to the next frame's is stuffing. 0: digital silence. */
  readonly needBytes: number;
}

/** Bits of the fields of one channel in one granule, counted from its start. */
export const LENGTH_BITS = 12;
export const GAIN_AT = 21;
export const GAIN_BITS = 8;
const BIG_VALUES_AT = 12;
const BIG_VALUES_BITS = 9;
const MAX_BIG_VALUES = 288;

const HEADER_BYTES = 4;
const CRC_BYTES = 2;

/** The most bytes that main data may begin before its slot, of any version. */
export const MAX_RESERVOIR_BYTES = 511;

/** The same of this version: its field has nine bits or eight. */
export function reservoirBytes({ version }: MpegHeader): number {
  return version === 1 ? MAX_RESERVOIR_BYTES : 255;
}

/** The frame that `bytes` begin with; null if it is not layer III, not whole, or its side information cannot be true. */
export function readLayer3(bytes: Uint8Array): Layer3Frame | null {
  const header = parseMpegHeader(bytes);
  if (header === null || header.layer !== 3 || bytes.length < header.length) return null;
  const sideInfo = HEADER_BYTES + (header.hasCrc ? CRC_BYTES : 0);
  const slot = sideInfo + sideInfoBytes(header);
  const slotBytes = header.length - slot;
  if (slotBytes < 0) return null;
  const mainDataBegin = bitsAt(bytes, sideInfo * 8, header.version === 1 ? 9 : 8);
  const needBytes = mainDataBytes(bytes, header, sideInfo);
  if (needBytes === null || needBytes > mainDataBegin + slotBytes) return null;
  const whole = bytes.length === header.length ? bytes : bytes.subarray(0, header.length);
  return { bytes: whole, header, sideInfo, slot, slotBytes, mainDataBegin, needBytes };
}

/** Offsets in bits where the channels' parts of the granules begin. */
export function granuleOffsets(header: MpegHeader, sideInfo: number): readonly number[] {
  const layout = LAYOUTS[header.version === 1 ? 1 : 2][header.format.channels === 1 ? 1 : 2];
  return layout.map((bit) => sideInfo * 8 + bit);
}

const offsets = (count: number, first: number, size: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i * size);

/** By version and channels. */
const LAYOUTS = {
  1: { 1: offsets(2, 18, 59), 2: offsets(4, 20, 59) },
  2: { 1: offsets(1, 9, 63), 2: offsets(2, 10, 63) },
} as const;

/** null if a field has a value that no encoder writes. */
function mainDataBytes(bytes: Uint8Array, header: MpegHeader, sideInfo: number): number | null {
  let bits = 0;
  for (const at of granuleOffsets(header, sideInfo)) {
    if (bitsAt(bytes, at + BIG_VALUES_AT, BIG_VALUES_BITS) > MAX_BIG_VALUES) return null;
    if (hasForbiddenBlock(bytes, at + (header.version === 1 ? 33 : 38))) return null;
    bits += bitsAt(bytes, at, LENGTH_BITS);
  }
  return Math.ceil(bits / 8);
}

/** Window switching with the block type that means none. */
function hasForbiddenBlock(bytes: Uint8Array, at: number): boolean {
  return bitsAt(bytes, at, 3) === 4;
}

/** Writes up to eight bits. */
export function putBits(bytes: Uint8Array, at: number, count: number, value: number): void {
  const byte = at >> 3;
  const shift = 16 - (at & 7) - count;
  const mask = ((1 << count) - 1) << shift;
  const word = ((bytes[byte] ?? 0) << 8) | (bytes[byte + 1] ?? 0);
  const next = (word & ~mask) | (value << shift);
  bytes[byte] = next >> 8;
  if (byte + 1 < bytes.length) bytes[byte + 1] = next;
}

/** Makes the CRC agree with header and side information again, which is all that it covers. */
export function sealCrc({ bytes, header, sideInfo, slot }: Layer3Frame): void {
  if (!header.hasCrc) return;
  const crc = crc16(bytes.subarray(sideInfo, slot), crc16(bytes.subarray(2, HEADER_BYTES)));
  bytes[HEADER_BYTES] = crc >> 8;
  bytes[HEADER_BYTES + 1] = crc;
}
