// How loud a layer III frame can be, by its side information alone: between what bounds its level lies.
import { bitsAt } from "../parts/bits.ts";
import { granuleOffsets, readLayer3 } from "./layer3.ts";

/** dBFS. A frame is at most as loud as `high`; `low` is an estimate, and wrong by less than LOW_ERROR_DB. */
export interface LevelBounds {
  readonly low: number;
  readonly high: number;
}

/** By which the estimate may be too high, as measured with noise and tones of LAME and Shine. */
export const LOW_ERROR_DB = 25;

/** Largest value that each table can code; the last sixteen have 1 to 13 further bits. */
const LARGEST = [
  ...[0, 1, 2, 2, 0, 3, 3, 5, 5, 5, 7, 7, 7, 15, 0, 15],
  ...[16, 18, 22, 30, 78, 270, 1038, 8206],
  ...[30, 46, 78, 142, 270, 526, 2062, 8206],
];

/** Values from which on encoders choose a larger table. */
const STEPS = [1, 2, 3, 5, 7, 15, 16, 18, 22, 30, 78, 270, 1038, 8206];

/** Lines of a granule. */
const LINES = 576;

/** dB of one step of global_gain, and its value at which a line of 1 is full scale. */
const GAIN_DB = 20 * Math.log10(2 ** 0.25);
const FULL_SCALE_GAIN = 210;

/** The energy of a granule's lines is twice its mean square. */
const MEAN_SQUARE_DB = -10 * Math.log10(2);

const BIG_VALUES_AT = 12;
const GAIN_AT = 21;
const COMPRESS_AT = 29;
const NOTHING: LevelBounds = { low: Number.NEGATIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
const UNKNOWN: LevelBounds = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
};

/** Nothing is known of a frame that is no layer III. */
export function layer3Level(frame: Uint8Array): LevelBounds {
  const layer3 = readLayer3(frame);
  if (layer3 === null) return UNKNOWN;
  const { header, sideInfo, needBytes } = layer3;
  if (needBytes === 0) return NOTHING;
  const tables = COMPRESS_AT + (header.version === 1 ? 4 : 9);
  let { low, high } = NOTHING;
  for (const at of granuleOffsets(header, sideInfo)) {
    if (bitsAt(frame, at, 12) === 0) continue;
    const gain = (bitsAt(frame, at + GAIN_AT, 8) - FULL_SCALE_GAIN) * GAIN_DB;
    const pairs = bitsAt(frame, at + BIG_VALUES_AT, 9);
    const largest = pairs === 0 ? 0 : largestValue(frame, at + tables);
    low = Math.max(low, gain + decibels(smallestFor(largest) ** (8 / 3)));
    const lines = 2 * pairs * largest ** (8 / 3) + (LINES - 2 * pairs);
    high = Math.max(high, gain + decibels(lines) + MEAN_SQUARE_DB);
  }
  return { low, high };
}

/** What the granule's tables can code. */
function largestValue(frame: Uint8Array, at: number): number {
  const isSwitched = bitsAt(frame, at, 1) === 1;
  const [first, count] = isSwitched ? [at + 4, 2] : [at + 1, 3];
  let largest = 0;
  for (let i = 0; i < count; i++)
    largest = Math.max(largest, LARGEST[bitsAt(frame, first + i * 5, 5)] ?? 0);
  return largest;
}

/** The smallest value for which an encoder takes a table of this largest one. */
function smallestFor(largest: number): number {
  return largest === 0 ? 0 : 1 + (STEPS.findLast((value) => value < largest) ?? 0);
}

function decibels(energy: number): number {
  return 10 * Math.log10(energy);
}
