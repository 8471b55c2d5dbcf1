// Plausibility checks of stream headers.
import type { StreamFormat } from "../frame.ts";

const HIGHEST_RATE = 768_000;
const LOWEST_RATE = 1000;

/** Whether a header's values are plausible; pacing divides by the rate. */
export function isPlayable({ sampleRate, channels }: StreamFormat): boolean {
  return sampleRate >= LOWEST_RATE && sampleRate <= HIGHEST_RATE && channels > 0 && channels <= 255;
}
