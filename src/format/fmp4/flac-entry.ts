// The sample entry of FLAC: its STREAMINFO, without what only the original file is described by.
import { concatBytes } from "../parts/bytes.ts";
import type { StreamFormat } from "../frame.ts";
import { fullBox } from "./box.ts";
import { audioEntry } from "./sample-entry.ts";

/** STREAMINFO in the first packet of the chain. */
const INFO_AT = 17;
const INFO_BYTES = 34;

const FRAME_SIZES_AT = 4;
const FRAME_SIZES_END = 10;
/** Number of samples, 36 bits whose first four share a byte with the bits per sample, and the MD5. */
const TOTALS_AT = 13;

const LAST_BLOCK = 0x80;

/** Lengths of frames in bytes, their number and the MD5 are 0 (unknown), since the stream goes on beyond its chain. */
export function flacInfo(packet: Uint8Array): Uint8Array<ArrayBuffer> {
  const info = new Uint8Array(packet.slice(INFO_AT, INFO_AT + INFO_BYTES));
  info.fill(0, FRAME_SIZES_AT, FRAME_SIZES_END);
  info[TOTALS_AT] = (info[TOTALS_AT] ?? 0) & 0xf0;
  return info.fill(0, TOTALS_AT + 1);
}

export function flacEntry(info: Uint8Array, format: StreamFormat): Uint8Array<ArrayBuffer> {
  const { channels, sampleRate, bitsPerSample = 16 } = format;
  const blockHead = Uint8Array.of(LAST_BLOCK, 0, 0, INFO_BYTES);
  const specific = fullBox("dfLa", 0, 0, concatBytes([blockHead, info]));
  return audioEntry("fLaC", { channels, sampleRate, bitsPerSample }, specific);
}

/** Shortest and longest frame in samples. */
export function blockSizes(info: Uint8Array): readonly [shortest: number, longest: number] {
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength);
  return [view.getUint16(0), view.getUint16(2)];
}
