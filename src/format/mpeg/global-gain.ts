// Changes the level of a layer III frame without decoding it, by the global_gain of each granule and channel.
import { bitsAt } from "../parts/bits.ts";
import {
  GAIN_AT,
  GAIN_BITS,
  granuleOffsets,
  type Layer3Frame,
  LENGTH_BITS,
  putBits,
  readLayer3,
  sealCrc,
} from "./layer3.ts";

/** dB of one step: a factor of 2^(1/4). */
export const STEP_DB = 20 * Math.log10(2 ** 0.25);

const MAX_GAIN = 255;

/**
 * Makes a frame louder by so many steps, in place; false if its side information cannot be true: then it stays as it is.
 * The same number of steps back gives the same bytes, as long as no field reaches 1 or 255.
 */
export function addGain(frame: Uint8Array, steps: number): boolean {
  const layer3 = readLayer3(frame);
  if (layer3 !== null) shiftGain(layer3, steps);
  return layer3 !== null;
}

/** The same for a frame that has been read. */
export function shiftGain(frame: Layer3Frame, steps: number): void {
  if (steps === 0) return;
  const { bytes } = frame;
  for (const at of granuleOffsets(frame.header, frame.sideInfo)) {
    const gain = bitsAt(bytes, at + GAIN_AT, GAIN_BITS);
    const isSilent = bitsAt(bytes, at, LENGTH_BITS) === 0;
    putBits(bytes, at + GAIN_AT, GAIN_BITS, isSilent ? wrapped(gain, steps) : shifted(gain, steps));
  }
  sealCrc(frame);
}

/** Encoders write 0 where there is no sound. */
function shifted(gain: number, steps: number): number {
  return gain === 0 ? 0 : Math.min(MAX_GAIN, Math.max(1, gain + steps));
}

/** Without data the gain has no effect, and encoders write up to 255: round the corner, or the way back were lost. */
function wrapped(gain: number, steps: number): number {
  if (gain === 0) return 0;
  const from1 = (gain - 1 + steps) % MAX_GAIN;
  return 1 + (from1 < 0 ? from1 + MAX_GAIN : from1);
}
