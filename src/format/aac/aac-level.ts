// How loud an AAC frame is, by the energy of its spectrum.
import { Bits } from "../parts/bits.ts";
import { ADTS_HEAD_BYTES, parseAdtsHeader } from "../sync/adts.ts";
import { channelEnergy, readWindows } from "./channel.ts";

const CRC_BYTES = 2;

/** Elements of a frame. */
const SINGLE = 0;
const PAIR = 1;
const LOW_FREQUENCY = 3;
const DATA = 4;
const FILL = 6;
const END = 7;

/** A spectrum's energy, for a channel whose RMS is 1: measured with FFmpeg's encoder and Fraunhofer's. */
const FULL_SCALE_DB = 153.6;

/**
 * dBFS, as a mean over the frame and the sum of its channels; -Infinity for digital silence. What is not read here (several
 * blocks in a frame, coupling, prediction, what is broken) counts as loud: Infinity.
 */
export function aacLevel(frame: Uint8Array): number {
  const header = parseAdtsHeader(frame);
  if (header === null || ((frame[6] ?? 0) & 3) !== 0) return Number.POSITIVE_INFINITY;
  const hasCrc = ((frame[1] ?? 0) & 1) === 0;
  const bits = new Bits(frame, ADTS_HEAD_BYTES + (hasCrc ? CRC_BYTES : 0));
  const energy = blockEnergy(bits, header.format.sampleRate);
  if (energy === null || bits.isOver) return Number.POSITIVE_INFINITY;
  return 10 * Math.log10(energy) - FULL_SCALE_DB;
}

function blockEnergy(bits: Bits, sampleRate: number): number | null {
  let energy = 0;
  while (!bits.isOver) {
    const element = bits.take(3);
    if (element === END) return energy;
    const its = elementEnergy(bits, element, sampleRate);
    if (its === null) return null;
    energy += its;
  }
  return null;
}

function elementEnergy(bits: Bits, element: number, sampleRate: number): number | null {
  if (element === FILL) return skipFill(bits);
  bits.skip(4);
  if (element === SINGLE || element === LOW_FREQUENCY) return channelEnergy(bits, sampleRate, null);
  if (element === PAIR) return pairEnergy(bits, sampleRate);
  return element === DATA ? skipData(bits) : null;
}

function pairEnergy(bits: Bits, sampleRate: number): number | null {
  const isCommon = bits.flag();
  const windows = isCommon ? readWindows(bits) : null;
  if (isCommon && windows === null) return null;
  if (windows !== null && bits.take(2) === 1) bits.skip(windows.bands * windows.groups.length);
  const first = channelEnergy(bits, sampleRate, windows);
  const second = first === null ? null : channelEnergy(bits, sampleRate, windows);
  return first === null || second === null ? null : first + second;
}

/** Stuffing, and the upper bands of HE-AAC, which repeat the lower ones. */
function skipFill(bits: Bits): number {
  const count = bits.take(4);
  bits.skip(8 * (count === 15 ? 14 + bits.take(8) : count));
  return 0;
}

function skipData(bits: Bits): number {
  const isAligned = bits.flag();
  const count = bits.take(8);
  const more = count === 255 ? bits.take(8) : 0;
  if (isAligned) bits.align();
  bits.skip(8 * (count + more));
  return 0;
}
