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
  #isAnyForgotten = false;

  /** It holds from this position on; positions only grow. */
  add(position: number, metadata: Metadata): void {
    const earlier = this.#kept.filter((title) => title.position < position);
    this.#isAnyForgotten ||= earlier.length >= MAX_KEPT;
    this.#kept = [...earlier, { position, metadata }].slice(-MAX_KEPT);
  }

  /** What holds at a position; where that is forgotten, the oldest that is still known. */
  at(position: number): Metadata {
    const title = this.#kept.findLast((kept) => kept.position <= position);
    const oldest = this.#isAnyForgotten ? this.#kept[0] : undefined;
    return (title ?? oldest)?.metadata ?? NO_METADATA;
  }
}
