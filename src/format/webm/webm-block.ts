// How long blocks play: each from its predecessor to itself, as only the next block tells where one ends.
import { ebmlChild, ebmlVint } from "./ebml.ts";
import type { WebmHeader } from "./webm-header.ts";

export const SIMPLE_BLOCK = 0xa3;
export const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;

const LONGEST_SECONDS = 60;
const NANOS_PER_SECOND = 1e9;

export class BlockTime {
  /** Timestamp of the cluster under way, in its own units. */
  cluster = 0;
  #track = 0;
  #scale = 1;
  #sampleRate = 1;
  /** Where sample 0 of the chain is, in ns; null before its first block. */
  #origin: number | null = null;
  #told = 0;

  begin({ track, timestampScale, format }: WebmHeader): void {
    this.#track = track;
    this.#scale = timestampScale;
    this.#sampleRate = format.sampleRate;
    this.#origin = null;
    this.#told = 0;
    this.cluster = 0;
  }

  /** Samples since the block before; 0 where time goes back or jumps by more than a minute. */
  pass(id: number, contents: Uint8Array): number {
    const block = id === BLOCK_GROUP ? ebmlChild(contents, BLOCK) : contents;
    const timestamp = block === null ? null : this.#timestampOf(block);
    if (timestamp === null) return 0;
    const nanos = (this.cluster + timestamp) * this.#scale;
    this.#origin ??= nanos;
    const position = Math.round(((nanos - this.#origin) * this.#sampleRate) / NANOS_PER_SECOND);
    const passed = position - this.#told;
    if (passed < 0 || passed > LONGEST_SECONDS * this.#sampleRate) {
      this.#origin = nanos;
      this.#told = 0;
      return 0;
    }
    this.#told = position;
    return passed;
  }

  /** Relative to the cluster; null when the block is broken or of another track. */
  #timestampOf(block: Uint8Array): number | null {
    const track = ebmlVint(block);
    if (track === null || track.value !== this.#track) return null;
    if (block.length < track.length + 2) return null;
    return new DataView(block.buffer, block.byteOffset + track.length, 2).getInt16(0);
  }
}
