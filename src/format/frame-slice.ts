// Parts and copies of a batch of frames.
import { FRAME_WORDS, type Frames } from "./frame.ts";

/** A view of frames[from .. to). */
export function sliceFrames(frames: Frames, from: number, to: number = frames.count): Frames {
  const table = frames.table.subarray(from * FRAME_WORDS, to * FRAME_WORDS);
  const start = byteLength(frames.table.subarray(0, from * FRAME_WORDS));
  const bytes = frames.bytes.subarray(start, start + byteLength(table));
  const samples = frames.samples.subarray(from, to);
  const share = sum(samples) / sum(frames.samples);
  const seconds = share > 0 ? frames.seconds * share : 0;
  return { ...frames, bytes, table, samples, count: to - from, seconds };
}

/** What outlives the parser's next push. */
export function copyFrames(frames: Frames): Frames {
  return {
    ...frames,
    bytes: frames.bytes.slice(),
    table: frames.table.slice(),
    samples: frames.samples.slice(),
  };
}

function byteLength(table: Uint32Array): number {
  let length = 0;
  for (let word = 0; word < table.length; word += FRAME_WORDS) length += table[word] ?? 0;
  return length;
}

function sum(samples: Uint32Array): number {
  return samples.reduce((all, one) => all + one, 0);
}
