// Changes the level of a layer III frame without decoding it, by the global_gain of each granule and channel.
import {
  bitsAt,
  GAIN_AT,
  GAIN_BITS,
  granuleOffsets,
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
  if (steps === 0) return true;
  const layer3 = readLayer3(frame);
  if (layer3 === null) return false;
  for (const at of granuleOffsets(layer3.header, layer3.sideInfo)) {
    const gain = bitsAt(frame, at + GAIN_AT, GAIN_BITS);
    const isSilent = bitsAt(frame, at, LENGTH_BITS) === 0;
    putBits(frame, at + GAIN_AT, GAIN_BITS, isSilent ? wrapped(gain, steps) : shifted(gain, steps));
  }
  sealCrc(layer3);
  return true;
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
