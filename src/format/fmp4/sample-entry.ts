// The entry of a sound track in the table of sample descriptions.
import { box, u16, u32, zeros } from "./box.ts";

export interface Sound {
  readonly channels: number;
  readonly bitsPerSample: number;
  /** Hz */
  readonly sampleRate: number;
}

/** The rate has 16 bits. */
const HIGHEST_RATE = 65_535;

/** `specific`: the box of the codec. */
export function audioEntry(
  type: string,
  { channels, bitsPerSample, sampleRate }: Sound,
  specific: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const rate = u32(shownRate(sampleRate) * 2 ** 16);
  const dataReference = u16(1);
  const sound = u16(channels, bitsPerSample, 0, 0);
  return box(type, zeros(6), dataReference, zeros(8), sound, rate, specific);
}

/** A higher rate is shown as a whole fraction of itself; the codec's box has the real one. */
function shownRate(sampleRate: number): number {
  let divisor = 1;
  while (sampleRate / divisor > HIGHEST_RATE || sampleRate % divisor !== 0) divisor++;
  return sampleRate / divisor;
}
