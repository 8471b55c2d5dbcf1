// How late the frames of a stream reach a listener, measured from when the earliest of them came.
import { createMpegParser } from "../../src/format/sync/mpeg.ts";

/** The burst is early by design. */
export const BURST_SECONDS = 6;

export interface Lateness {
  /** Of each frame, in milliseconds, in their order. */
  readonly each: readonly number[];
  /** Bytes between frames. */
  readonly garbage: number;
}

/** Listens for so many seconds when those of the burst are over. The earliest frame is taken to be on time: the sum of all that may go
 * wrong is in the others. */
export async function listenTo(
  url: string,
  seconds: number,
  burstSeconds = BURST_SECONDS,
): Promise<Lateness> {
  const answer = await fetch(`${url}/stream`);
  const parser = createMpegParser();
  const lateness: number[] = [];
  const startMs = performance.now();
  let audioSeconds = 0;
  for await (const chunk of answer.body ?? []) {
    const nowMs = performance.now() - startMs;
    const frames = parser.push(chunk);
    for (let i = 0; i < frames.count; i++) {
      if (nowMs > burstSeconds * 1000) lateness.push(nowMs - audioSeconds * 1000);
      audioSeconds += (frames.samples[i] ?? 0) / (parser.format?.sampleRate ?? 1);
    }
    if (nowMs > (burstSeconds + seconds) * 1000) break;
  }
  const earliest = lateness.reduce((least, ms) => Math.min(least, ms), Number.POSITIVE_INFINITY);
  return { each: lateness.map((ms) => ms - earliest), garbage: parser.garbageBytes };
}

/** The value that this share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
