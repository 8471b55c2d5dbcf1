// A short piece of audio, whole in memory: what a listener hears before or after a stream.
import type { Frames, StreamFormat } from "../format/frame.ts";
import { splitFrames } from "../format/frame-slice.ts";

export class Clip {
  /** Frames back to back. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Playing time in µs. */
  readonly micros: number;

  constructor(
    readonly format: StreamFormat,
    /** As they were read, in memory of their own. */
    readonly batches: readonly Frames[],
  ) {
    const frames = batches.flatMap(splitFrames);
    this.bytes = Buffer.concat(frames.map(({ bytes }) => bytes));
    this.#ends = new Uint32Array(frames.length);
    this.#starts = new Float64Array(frames.length);
    let [end, start] = [0, 0];
    for (const [i, { bytes, micros }] of frames.entries()) {
      this.#ends[i] = end += bytes.length;
      this.#starts[i] = start;
      start += micros;
    }
    this.micros = start;
  }

  /** Where each frame ends, in bytes, and when it begins, in µs. */
  readonly #ends: Uint32Array;
  readonly #starts: Float64Array;

  /** Bytes of the frames that begin before this time. */
  bytesUntil(micros: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) < micros) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (this.#ends[low - 1] ?? 0);
  }
}
