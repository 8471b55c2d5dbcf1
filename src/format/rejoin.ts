// Lets a stream go on where it is after listeners have heard something else: what its next frames refer to is not in their
// decoders any more.
import { type Codec, FRAME_SYNC, FRAME_WORDS, type Frames, NO_FRAMES } from "./frame.ts";
import { copyFrames, mergeFrames, sliceFrames, splitFrames } from "./frame-slice.ts";
import { Reservoir } from "./mpeg/reservoir.ts";
import { aloneFrames } from "./mpeg/seam.ts";

/** Frames to come refer to less than this: in frames of the lowest bit rates there are as many bytes of headers as of
 * slots. */
const KEPT_BYTES = 4096;

export class Rejoin {
  /** The latest frames, if they are MP3: what they have in their slots is found out when it is needed. */
  #latest: readonly Frames[] = [];
  #latestBytes = 0;
  #isApart = false;

  /** Listeners hear something else from here on. */
  part(): void {
    this.#isApart = true;
  }

  /** Frames that listeners do not hear. */
  miss(frames: Frames, codec: Codec): void {
    this.#isApart = true;
    this.#remember(frames, codec);
  }

  /** Frames that listeners hear: unchanged, or after something else so that they can follow it. None if a decoder cannot
   * start at any of them. */
  pass(frames: Frames, codec: Codec): Frames {
    const before = this.#latest;
    this.#remember(frames, codec);
    if (!this.#isApart) return frames;
    const first = firstSync(frames);
    if (first === frames.count) return NO_FRAMES;
    this.#isApart = false;
    const own = sliceFrames(frames, first);
    return codec === "mp3" ? aloneFrames(own, reservoirOf(before)) : withPreamble(own);
  }

  #remember(frames: Frames, codec: Codec): void {
    if (codec !== "mp3") return;
    this.#latest = [...this.#latest, copyFrames(frames)];
    this.#latestBytes += frames.bytes.length;
    for (let [first] = this.#latest; first !== undefined; [first] = this.#latest) {
      if (this.#latestBytes - first.bytes.length < KEPT_BYTES) return;
      this.#latestBytes -= first.bytes.length;
      this.#latest = this.#latest.slice(1);
    }
  }
}

function reservoirOf(latest: readonly Frames[]): Uint8Array {
  const reservoir = new Reservoir();
  for (const frames of latest) for (const { bytes } of splitFrames(frames)) reservoir.push(bytes);
  return reservoir.bytes;
}

/** The index of the first frame at which a decoder may start; the count if there is none. */
function firstSync({ table, count }: Frames): number {
  for (let at = 0; at < count; at++)
    if (((table[at * FRAME_WORDS + 2] ?? 0) & FRAME_SYNC) !== 0) return at;
  return count;
}

/** The frames behind their preamble, which present listeners need once more. */
function withPreamble(frames: Frames): Frames {
  const preamble = frames.preamble ?? null;
  if (preamble === null) return frames;
  const front = { bytes: preamble, micros: 0, flags: 0, samples: 0 };
  return mergeFrames(frames, [front, ...splitFrames(frames)]);
}
