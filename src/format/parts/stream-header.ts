// The little that all readers of stream headers share.
import type { StreamFormat } from "../frame.ts";

const highestRate = 768_000;
const lowestRate = 1000;

/** Whether a header's figures can be true: pacing divides by the rate. */
export function isPlayable({ sampleRate, channels }: StreamFormat): boolean {
  return sampleRate >= lowestRate && sampleRate <= highestRate && channels > 0 && channels <= 255;
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
