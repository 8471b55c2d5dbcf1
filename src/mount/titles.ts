// Pure: maps positions of the stream to metadata.
import { type Metadata, NO_METADATA } from "./metadata.ts";

/** No real programme changes titles more often within one ring; excess ones push out the oldest. */
const MAX_KEPT = 256;

interface Title {
  readonly position: number;
  readonly metadata: Metadata;
}

export class Titles {
  #kept: readonly Title[] = [];
  #isAnyForgotten = false;

  /** In force from this position on; positions never decrease. */
  add(position: number, metadata: Metadata): void {
    const earlier = this.#kept.filter((title) => title.position < position);
    this.#isAnyForgotten ||= earlier.length >= MAX_KEPT;
    this.#kept = [...earlier, { position, metadata }].slice(-MAX_KEPT);
  }

  /** The metadata at a position, or the oldest one kept if that is forgotten. */
  at(position: number): Metadata {
    const title = this.#kept.findLast((kept) => kept.position <= position);
    const oldest = this.#isAnyForgotten ? this.#kept[0] : undefined;
    return (title ?? oldest)?.metadata ?? NO_METADATA;
  }
}
