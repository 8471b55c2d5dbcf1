// The windows of a layer III frame's transform, which overlap with those of the frames beside it. Where frames of two
// encoders meet, a long window beside a short one leaves an error that no decoder removes.
import { bitsAt } from "../parts/bits.ts";
import { granuleOffsets, type Layer3Frame, readLayer3 } from "./layer3.ts";

/** Offset of the window switching flag in a granule of version 1, and of the others. */
const SWITCHED_AT = 33;
const SWITCHED_AT_LOW_RATE = 38;

const START = 1;
const SHORT = 2;
const STOP = 3;

/** Whether the frame's windows fit those of the frame before it; false if one of them cannot be read. */
export function windowsMeet(before: Uint8Array, after: Uint8Array): boolean {
  const [a, b] = [readLayer3(before), readLayer3(after)];
  if (a === null || b === null) return false;
  const endsShort = blockTypes(a, true).map((type) => type === START || type === SHORT);
  const beginsShort = blockTypes(b, false).map((type) => type === SHORT || type === STOP);
  return endsShort.every((isShort, channel) => isShort === beginsShort[channel]);
}

/** By channel, of the frame's last granule or of its first. */
function blockTypes({ bytes, header, sideInfo }: Layer3Frame, isLast: boolean): number[] {
  const granules = granuleOffsets(header, sideInfo);
  const channels = header.format.channels;
  const own = isLast ? granules.slice(-channels) : granules.slice(0, channels);
  const at = header.version === 1 ? SWITCHED_AT : SWITCHED_AT_LOW_RATE;
  return own.map((granule) => {
    const bits = bitsAt(bytes, granule + at, 3);
    return bits >= 4 ? bits & 3 : 0;
  });
}
