// Collects the frames of one push in the flat arrays of Frames; reused for each push, and allocates only to grow.
import { FRAME_WORDS, type Frames, NO_FRAMES } from "../frame.ts";

const MICROS_PER_SECOND = 1_000_000;

export class FrameBatch {
  #table = new Uint32Array(FRAME_WORDS * 16);
  #samples = new Uint32Array(16);
  #count = 0;
  #sampleSum = 0;
  /** Remainder of rounding to whole µs, in µs x sampleRate; carried over to the next frame. */
  #remainder = 0;
  /** By count: making a view takes as long as filling it, and most writes have as many frames as one before. */
  #views: Pick<Frames, "table" | "samples">[] = [];

  get count(): number {
    return this.#count;
  }

  /** Appends one frame; sampleRate must always be the same. */
  add(length: number, samples: number, sampleRate: number, flags: number): void {
    if (this.#count === this.#samples.length) this.#grow();
    const word = this.#count * FRAME_WORDS;
    this.#table[word] = length;
    this.#table[word + 1] = this.#micros(samples, sampleRate);
    this.#table[word + 2] = flags;
    this.#samples[this.#count] = samples;
    this.#sampleSum += samples;
    this.#count++;
  }

  /** Takes the frames added since the last call; valid until the next add. */
  take(bytes: Uint8Array, sampleRate: number): Frames {
    const count = this.#count;
    if (count === 0) return NO_FRAMES;
    const seconds = this.#sampleSum / sampleRate;
    this.#count = 0;
    this.#sampleSum = 0;
    const { table, samples } = (this.#views[count] ??= this.#view(count));
    return { bytes, table, samples, count, seconds };
  }

  #view(count: number): Pick<Frames, "table" | "samples"> {
    const table = this.#table.subarray(0, count * FRAME_WORDS);
    return { table, samples: this.#samples.subarray(0, count) };
  }

  #micros(samples: number, sampleRate: number): number {
    const scaled = samples * MICROS_PER_SECOND + this.#remainder;
    this.#remainder = scaled % sampleRate;
    return (scaled - this.#remainder) / sampleRate;
  }

  #grow(): void {
    const table = new Uint32Array(this.#table.length * 2);
    table.set(this.#table);
    this.#table = table;
    const samples = new Uint32Array(this.#samples.length * 2);
    samples.set(this.#samples);
    this.#samples = samples;
    this.#views = [];
  }
}
