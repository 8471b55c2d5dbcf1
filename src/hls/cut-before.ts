// Pure: where a segment ends within a batch of frames.
import { FRAME_SYNC, FRAME_WORDS, type Frames } from "../format/frame.ts";

/** The number of frames that belong to a segment which has `samples` already. */
export function cutBefore({ samples, table, count }: Frames, before: number, cut: number): number {
  let at = before;
  for (let i = 0; i < count; i++) {
    if (at >= cut && canBegin(table, i)) return i;
    at += samples[i] ?? 0;
  }
  return count;
}

/** With this frame: decoders may start there, or it is the copy of a preamble. */
function canBegin(table: Uint32Array, i: number): boolean {
  const isSync = ((table[i * FRAME_WORDS + 2] ?? 0) & FRAME_SYNC) !== 0;
  return isSync || table[i * FRAME_WORDS + 1] === 0;
}
