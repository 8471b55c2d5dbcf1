// Pure: which metadata belongs to which position of the stream.
import { type Metadata, NO_METADATA } from "./metadata.ts";

/** More changes than this within what the ring holds are not a programme; the oldest are forgotten. */
const MAX_KEPT = 64;

interface Title {
  readonly position: number;
  readonly metadata: Metadata;
}

export class Titles {
  #kept: readonly Title[] = [];

  /** It holds from this position on; positions only grow. */
  add(position: number, metadata: Metadata): void {
    const earlier = this.#kept.filter((title) => title.position < position);
    this.#kept = [...earlier, { position, metadata }].slice(-MAX_KEPT);
  }

  /** What holds at a position. */
  at(position: number): Metadata {
    return this.#kept.findLast((title) => title.position <= position)?.metadata ?? NO_METADATA;
  }
}
