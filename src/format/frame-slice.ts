// Parts and copies of a batch of frames.
import { FRAME_WORDS, type Frames, NO_FRAMES } from "./frame.ts";
import { concatBytes } from "./parts/bytes.ts";

/** A view of the frames with indexes from <= i < to. */
export function sliceFrames(frames: Frames, from: number, to: number = frames.count): Frames {
  const table = frames.table.subarray(from * FRAME_WORDS, to * FRAME_WORDS);
  const start = byteLength(frames.table.subarray(0, from * FRAME_WORDS));
  const bytes = frames.bytes.subarray(start, start + byteLength(table));
  const samples = frames.samples.subarray(from, to);
  const share = sum(samples) / sum(frames.samples);
  const seconds = share > 0 ? frames.seconds * share : 0;
  return { ...frames, bytes, table, samples, count: to - from, seconds };
}

/** A copy, which outlives the parser's next push. */
export function copyFrames(frames: Frames): Frames {
  return {
    ...frames,
    bytes: frames.bytes.slice(),
    table: frames.table.slice(),
    samples: frames.samples.slice(),
  };
}

/** One frame of a batch; its bytes are a view. */
export interface SingleFrame {
  readonly bytes: Uint8Array;
  /** Playing time in whole µs. */
  readonly micros: number;
  readonly flags: number;
  /** Per channel. */
  readonly samples: number;
}

export function splitFrames({ bytes, table, samples, count }: Frames): SingleFrame[] {
  let at = 0;
  return Array.from({ length: count }, (_, i) => {
    const [length = 0, micros = 0, flags = 0] = table.subarray(i * FRAME_WORDS);
    const from = at;
    at += length;
    return { bytes: bytes.subarray(from, at), micros, flags, samples: samples[i] ?? 0 };
  });
}

/** A batch of these frames, copied; everything else is as in `like`, whose frames are of the same stream. */
export function mergeFrames(like: Frames, frames: readonly SingleFrame[]): Frames {
  if (frames.length === 0) return NO_FRAMES;
  const table = frames.flatMap(({ bytes, micros, flags }) => [bytes.length, micros, flags]);
  const samples = Uint32Array.from(frames, (frame) => frame.samples);
  const bytes = concatBytes(frames.map((frame) => frame.bytes));
  const seconds = (sum(samples) / sum(like.samples)) * like.seconds;
  const count = frames.length;
  return { ...like, bytes, table: Uint32Array.from(table), samples, count, seconds };
}

function byteLength(table: Uint32Array): number {
  let length = 0;
  for (let word = 0; word < table.length; word += FRAME_WORDS) length += table[word] ?? 0;
  return length;
}

function sum(samples: Uint32Array): number {
  return samples.reduce((all, one) => all + one, 0);
}
