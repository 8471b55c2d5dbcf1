// Lets a file begin at any frame: what the first one needs of those before it goes into a silent frame in front.
import { FRAME_SYNC, FRAME_WORDS, type Frames, type StreamFormat } from "../format/frame.ts";
import { sliceFrames, splitFrames } from "../format/frame-slice.ts";
import { carry } from "../format/mpeg/join.ts";
import { readLayer3 } from "../format/mpeg/layer3.ts";
import { Reservoir } from "../format/mpeg/reservoir.ts";

/** Frames without the bytes that they need are left out up to this many: then they cannot be helped. */
const MAX_LEFT_OUT = 64;

export interface Start {
  /** From the first frame that can be decoded here. */
  readonly frames: Frames;
  /** A silent frame in front; null if none is needed. */
  readonly lead: Uint8Array | null;
  /** The chain that they are of began before them. */
  readonly isMidway: boolean;
}

export class FrameMemory {
  readonly #reservoir = new Reservoir();
  #leftOut = 0;
  /** Of a chain whose headers have passed, and no audio yet. */
  #fresh: Uint8Array | null = null;

  /** Takes frames that were heard, after they were written. */
  pass(frames: Frames, { codec }: StreamFormat): void {
    this.#noteHeaders(frames);
    if (firstSync(frames) >= 0) this.#fresh = null;
    if (codec !== "mp3") return;
    for (const { bytes } of splitFrames(frames)) this.#reservoir.push(bytes);
  }

  /** What follows is of another input, and what came before is not known. */
  forget(): void {
    this.#reservoir.clear();
    this.#leftOut = 0;
    this.#fresh = null;
  }

  /** null: a decoder can start at none of these. */
  start(frames: Frames, { codec }: StreamFormat): Start | null {
    this.#noteHeaders(frames);
    const first = firstSync(frames);
    if (first < 0) return null;
    const isMidway = (frames.preamble ?? null) !== this.#fresh;
    // A chain with a new title begins with the last packet of the one before, which its decoder needs.
    const begin = beginsChain(frames) ? headersIn(frames) : first;
    const from = begin === 0 ? frames : sliceFrames(frames, begin);
    if (codec !== "mp3") return { frames: from, lead: null, isMidway };
    return this.#decodable(from);
  }

  #noteHeaders(frames: Frames): void {
    if (beginsChain(frames)) this.#fresh = frames.preamble ?? null;
  }

  #decodable(frames: Frames): Start | null {
    for (const [at, { bytes }] of splitFrames(frames).entries()) {
      const needs = readLayer3(bytes)?.mainDataBegin ?? 0;
      const lead = needs === 0 ? null : (carry(bytes, this.#reservoir.bytes)?.frames[0] ?? null);
      const isFine = needs === 0 || lead !== null || ++this.#leftOut > MAX_LEFT_OUT;
      if (isFine) {
        return { frames: at === 0 ? frames : sliceFrames(frames, at), lead, isMidway: true };
      }
      this.#reservoir.push(bytes);
    }
    return null;
  }
}

function beginsChain({ preamble = null, bytes }: Frames): boolean {
  return preamble !== null && Buffer.compare(bytes.subarray(0, preamble.length), preamble) === 0;
}

/** The frames that the preamble is made of. */
function headersIn({ preamble = null, table, count }: Frames): number {
  let rest = preamble?.length ?? 0;
  let headers = 0;
  for (; headers < count && rest > 0; headers++) rest -= table[headers * FRAME_WORDS] ?? 0;
  return headers;
}

function firstSync({ table, count }: Frames): number {
  for (let i = 0; i < count; i++) {
    if (((table[i * FRAME_WORDS + 2] ?? 0) & FRAME_SYNC) !== 0) return i;
  }
  return -1;
}
