// Where a stream that is joined in the middle begins for a decoder that has heard nothing of it.
import { FRAME_SYNC, FRAME_WORDS, type Frames } from "../../format/frame.ts";
import { sliceFrames, splitFrames } from "../../format/frame-slice.ts";
import { MAX_RESERVOIR_BYTES } from "../../format/mpeg/layer3.ts";
import { Reservoir } from "../../format/mpeg/reservoir.ts";
import { aloneFrames } from "../../format/mpeg/seam.ts";

/** At the lowest bit rates so many frames have what a later one may refer to. */
const MOST_FRAMES = 40;

export interface Begun {
  /** Goes before the frames. */
  readonly header: Uint8Array | null;
  readonly frames: Frames;
}

export class FirstFrames {
  #isBegun = false;
  readonly #reservoir = new Reservoir();
  #seen = 0;

  /** `isLayer3`: frames may refer to earlier ones. */
  constructor(private readonly isLayer3: boolean) {}

  /** null as long as no decoder could begin. */
  take(frames: Frames): Begun | null {
    if (this.#isBegun) return { header: null, frames };
    const begun = this.#begin(frames);
    this.#isBegun = begun !== null;
    return begun;
  }

  #begin(frames: Frames): Begun | null {
    if (frames.preamble) return behindPreamble(frames, frames.preamble);
    if (!this.isLayer3) return { header: null, frames };
    const isKnown = this.#reservoir.bytes.length >= MAX_RESERVOIR_BYTES;
    if (isKnown || this.#seen >= MOST_FRAMES)
      return { header: null, frames: aloneFrames(frames, this.#reservoir.bytes) };
    for (const { bytes } of splitFrames(frames)) this.#reservoir.push(bytes);
    this.#seen += frames.count;
    return null;
  }
}

/** A chain that begins here has its preamble in front already, in frames that last no time. */
function behindPreamble(frames: Frames, preamble: Uint8Array): Begun | null {
  if (frames.table[1] === 0) return { header: null, frames };
  for (let i = 0; i < frames.count; i++) {
    const flags = frames.table[i * FRAME_WORDS + 2] ?? 0;
    if ((flags & FRAME_SYNC) !== 0) return { header: preamble, frames: sliceFrames(frames, i) };
  }
  return null;
}
