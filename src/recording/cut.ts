// Pure: the frame of a batch at which an hour of the wall clock begins.
import { FRAME_WORDS, type Frames } from "../format/frame.ts";

/**
 * The number of frames before the first one at or after `cutMs`. A batch that arrives at `nowMs` was on air just before, but
 * not before `lastMs`, when the batch before it arrived. All in milliseconds since 1970.
 */
export function framesBefore(cutMs: number, frames: Frames, lastMs: number, nowMs: number): number {
  if (cutMs > nowMs) return frames.count;
  let atMs = nowMs - frames.seconds * 1000;
  for (let i = 0; i < frames.count; i++) {
    if (Math.max(atMs, lastMs) >= cutMs) return i;
    atMs += (frames.table[i * FRAME_WORDS + 1] ?? 0) / 1000;
  }
  return frames.count;
}
