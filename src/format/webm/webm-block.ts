// Durations of blocks: each counts the time since its predecessor, since only the next block shows where one ends.
import { ebmlChild, ebmlVint } from "./ebml.ts";
import type { WebmHeader } from "./webm-header.ts";

export const SIMPLE_BLOCK = 0xa3;
export const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;

const LONGEST_SECONDS = 60;
const NANOS_PER_SECOND = 1e9;

export class BlockTime {
  /** Timestamp of the current cluster, in the file's units. */
  cluster = 0;
  #track = 0;
  #scale = 1;
  #sampleRate = 1;
  /** Time of the chain's sample 0 in ns; null before its first block. */
  #origin: number | null = null;
  #position = 0;

  begin({ track, timestampScale, format }: WebmHeader): void {
    this.#track = track;
    this.#scale = timestampScale;
    this.#sampleRate = format.sampleRate;
    this.#origin = null;
    this.#position = 0;
    this.cluster = 0;
  }

  /** Samples since the previous block; 0 if time goes back or jumps by more than a minute. */
  pass(id: number, contents: Uint8Array): number {
    const block = id === BLOCK_GROUP ? ebmlChild(contents, BLOCK) : contents;
    const timestamp = block === null ? null : this.#timestampOf(block);
    if (timestamp === null) return 0;
    const nanos = (this.cluster + timestamp) * this.#scale;
    this.#origin ??= nanos;
    const next = Math.round(((nanos - this.#origin) * this.#sampleRate) / NANOS_PER_SECOND);
    const passed = next - this.#position;
    if (passed < 0 || passed > LONGEST_SECONDS * this.#sampleRate) {
      this.#origin = nanos;
      this.#position = 0;
      return 0;
    }
    this.#position = next;
    return passed;
  }

  /** Time relative to the cluster; null if the block is broken or of another track. */
  #timestampOf(block: Uint8Array): number | null {
    const track = ebmlVint(block);
    if (track === null || track.value !== this.#track) return null;
    if (block.length < track.length + 2) return null;
    return new DataView(block.buffer, block.byteOffset + track.length, 2).getInt16(0);
  }
}
