// Pure: collects a stream's frames into windows that can be decoded on their own.
// Each has the end of the one before in front, in which decoder and filters settle.
import type { Frames } from "../../format/frame.ts";
import { copyFrames, sliceFrames } from "../../format/frame-slice.ts";
import { concatBytes } from "../../format/parts/bytes.ts";

/** Of new audio. */
export const WINDOW_SECONDS = 3;

const SETTLING_SECONDS = 0.3;

const STEPS_PER_SECOND = 10;

/** Uncompressed audio has less in a window. */
const MAX_BYTES = 4 << 20;

interface Taken {
  /** The preamble, if there is one, and whole frames. */
  readonly audio: Uint8Array;
  /** Steps of 100 ms at its start that do not count. */
  readonly skipSteps: number;
}

export class LiveWindow {
  #batches: readonly Frames[] = [];
  #preamble: Uint8Array | null = null;
  #seconds = 0;
  /** Seconds of it that are the end of the window before. */
  #settling = 0;
  #bytes = 0;

  /** Copies the frames. False if it began anew, without what was collected. */
  add(frames: Frames): boolean {
    const preamble = frames.preamble ?? null;
    if (preamble !== this.#preamble) {
      // The first frames of a chain are the preamble itself.
      this.#begin([]);
      this.#preamble = preamble;
      if (preamble !== null) return false;
    }
    this.#push(copyFrames(frames));
    if (this.#bytes <= MAX_BYTES) return true;
    this.#begin([]);
    return false;
  }

  get isComplete(): boolean {
    return this.#seconds - this.#settling >= WINDOW_SECONDS;
  }

  take(): Taken {
    const audio = concatBytes([
      ...(this.#preamble === null ? [] : [this.#preamble]),
      ...this.#batches.map(({ bytes }) => bytes),
    ]);
    const skipped = Math.max(SETTLING_SECONDS, this.#settling);
    this.#begin(this.#end());
    return { audio, skipSteps: Math.ceil(skipped * STEPS_PER_SECOND) };
  }

  #push(frames: Frames): void {
    this.#batches = [...this.#batches, frames];
    this.#seconds += frames.seconds;
    this.#bytes += frames.bytes.length;
  }

  #begin(batches: readonly Frames[]): void {
    this.#batches = [];
    this.#seconds = this.#bytes = 0;
    for (const frames of batches) this.#push(frames);
    this.#settling = this.#seconds;
  }

  /** The last frames, as many as it takes to settle. */
  #end(): Frames[] {
    const end: Frames[] = [];
    let seconds = 0;
    for (const batch of this.#batches.toReversed()) {
      for (let at = batch.count - 1; at >= 0 && seconds < SETTLING_SECONDS; at--) {
        const frame = sliceFrames(batch, at, at + 1);
        seconds += frame.seconds;
        end.unshift(frame);
      }
    }
    return end;
  }
}
