// Audio that can be told from its position: a wrong byte, or a right one in the wrong place, shows.
import { FRAME_SYNC, FRAME_WORDS, type Frames } from "../../src/format/frame.ts";
import type { Ring } from "../../src/native/ring.ts";

export interface FrameShape {
  /** Bytes of each frame. */
  readonly length: number;
  /** Playing time of each frame. */
  readonly ms?: number;
  /** false: no decoder may start there. */
  readonly isSync?: boolean;
}

/** The bytes that belong at a position. */
export function audio(position: number, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => {
    const at = position + i;
    return ((at % 251) + Math.floor(at / 251) * 7) & 0xff;
  });
}

/** `count` equal frames whose first byte is at `position`. */
export function frames(position: number, count: number, shape: FrameShape): Frames {
  const { length, ms = 26, isSync = true } = shape;
  const table = new Uint32Array(count * FRAME_WORDS);
  for (let i = 0; i < count; i++) {
    table.set([length, ms * 1000, isSync ? FRAME_SYNC : 0], i * FRAME_WORDS);
  }
  const samples = new Uint32Array(count).fill(1152);
  return {
    bytes: audio(position, count * length),
    table,
    samples,
    count,
    seconds: (count * ms) / 1000,
  };
}

/** Appends `count` frames to the ring, one write each. */
export function feed(ring: Ring, count: number, shape: FrameShape): void {
  for (let i = 0; i < count; i++) {
    const { bytes, table } = frames(ring.head, 1, shape);
    ring.write(bytes, table, 1);
  }
}
