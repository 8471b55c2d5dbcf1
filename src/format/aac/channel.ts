// One channel of an AAC frame: which lines have data, how they are scaled, and their energy. Nothing is transformed.
import type { Bits } from "../parts/bits.ts";
import { bandWidths } from "./bands.ts";
import { scaleStep, spectralEnergy } from "./codes.ts";

/** How the frame's lines are divided, which the channels of a pair may share. */
export interface Windows {
  readonly isShort: boolean;
  /** Windows in each group. */
  readonly groups: readonly number[];
  /** Bands that have data in each group. */
  readonly bands: number;
}

const EIGHT_SHORT = 2;

/** Books that stand for no lines of their own. */
const ZERO = 0;
const NOISE = 13;
const INTENSITY = 14;

/** A scale factor of this leaves lines as they are. */
const SCALE_OFFSET = 100;

/** Noise is scaled from this far below the channel's gain. */
const NOISE_OFFSET = 90;
const FIRST_NOISE_BITS = 9;
const FIRST_NOISE = 256;

/** The filters of temporal noise shaping may hide as much energy as this factor. */
const SHAPED = 10;

/** null for a prediction, which main profile and LTP alone have. */
export function readWindows(bits: Bits): Windows | null {
  bits.skip(1);
  const isShort = bits.take(2) === EIGHT_SHORT;
  bits.skip(1);
  if (isShort) return { isShort, bands: bits.take(4), groups: readGroups(bits) };
  const bands = bits.take(6);
  return bits.flag() ? null : { isShort, bands, groups: [1] };
}

/** A bit for each window but the first says whether it belongs to the group before it. */
function readGroups(bits: Bits): number[] {
  const groups = [1];
  for (let i = 0; i < 7; i++) {
    if (bits.flag()) groups.push(1 + (groups.pop() ?? 0));
    else groups.push(1);
  }
  return groups;
}

/** The energy of a channel's lines; null if it has something that is not read here. */
export function channelEnergy(
  bits: Bits,
  sampleRate: number,
  common: Windows | null,
): number | null {
  const gain = bits.take(8);
  const windows = common ?? readWindows(bits);
  if (windows === null) return null;
  const books = windows.groups.map(() => readBooks(bits, windows));
  const scales = readScales(bits, gain, books);
  skipPulses(bits);
  const factor = skipShaping(bits, windows) ? SHAPED : 1;
  if (bits.flag()) return null;
  return (
    factor * linesEnergy(bits, bandWidths(sampleRate, windows.isShort), windows, books, scales)
  );
}

/** The book of each band of a group. */
function readBooks(bits: Bits, { isShort, bands }: Windows): number[] {
  const lengthBits = isShort ? 3 : 5;
  const books: number[] = [];
  while (books.length < bands && !bits.isOver) {
    const book = bits.take(4);
    let length = 0;
    let part: number;
    do {
      part = bits.take(lengthBits);
      length += part;
    } while (part === (1 << lengthBits) - 1);
    for (let i = 0; i < length && books.length < bands; i++) books.push(book);
  }
  return books;
}

/** The scale of each band with data, as the exponent of its energy. */
function readScales(bits: Bits, gain: number, groups: readonly number[][]): number[][] {
  let [scale, noise] = [gain, gain - NOISE_OFFSET];
  let isFirstNoise = true;
  return groups.map((books) =>
    books.map((book) => {
      if (book === ZERO) return 0;
      if (book === NOISE) {
        noise += isFirstNoise ? bits.take(FIRST_NOISE_BITS) - FIRST_NOISE : scaleStep(bits);
        isFirstNoise = false;
        return noise / 2;
      }
      const step = scaleStep(bits);
      if (book >= INTENSITY) return 0;
      scale += step;
      return (scale - SCALE_OFFSET) / 2;
    }),
  );
}

/** Single lines that are larger still, which changes little. */
function skipPulses(bits: Bits): void {
  if (!bits.flag()) return;
  const count = bits.take(2) + 1;
  bits.skip(6 + count * 9);
}

/** Whether any window has a filter. */
function skipShaping(bits: Bits, { isShort }: Windows): boolean {
  if (!bits.flag()) return false;
  let isShaped = false;
  for (let window = 0; window < (isShort ? 8 : 1); window++) {
    const filters = bits.take(isShort ? 1 : 2);
    const resolution = filters > 0 ? 3 + bits.take(1) : 0;
    for (let i = 0; i < filters; i++) isShaped = skipFilter(bits, isShort, resolution) || isShaped;
  }
  return isShaped;
}

function skipFilter(bits: Bits, isShort: boolean, resolution: number): boolean {
  bits.skip(isShort ? 4 : 6);
  const order = bits.take(isShort ? 3 : 5);
  if (order === 0) return false;
  bits.skip(1);
  const isCompressed = bits.flag();
  bits.skip(order * (resolution - (isCompressed ? 1 : 0)));
  return true;
}

function linesEnergy(
  bits: Bits,
  widths: readonly number[],
  { groups }: Windows,
  books: readonly number[][],
  scales: readonly number[][],
): number {
  let energy = 0;
  for (const [group, windows] of groups.entries())
    for (const [band, book] of books[group]?.entries() ?? []) {
      const scale = 2 ** (scales[group]?.[band] ?? 0);
      if (book === NOISE) energy += scale * windows;
      if (book === ZERO || book >= NOISE) continue;
      energy += scale * spectralEnergy(bits, book, (widths[band] ?? 0) * windows);
    }
  return energy;
}
