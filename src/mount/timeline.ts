// Pure: what was on air from which second of a mount's audio on, so that a player can tell when it hears what.
import { type Metadata, sameMetadata } from "./metadata.ts";

/** More than a page shows; a source that sends titles without end forgets its own oldest. */
const MAX_KEPT = 64;

export interface Airing {
  /** Seconds of audio written to the mount before it. */
  readonly fromSeconds: number;
  /** Of the input that plays it. */
  readonly kind: string;
  /** What the source calls its show, or "". */
  readonly showName: string;
  readonly metadata: Metadata;
  /** The file it is played from, or null. */
  readonly file: string | null;
}

export class Timeline {
  #airings: readonly Airing[] = [];
  #isAnyForgotten = false;

  /** In the order of their seconds. */
  get airings(): readonly Airing[] {
    return this.#airings;
  }

  /** It holds from its second on; seconds only grow. A repeat of what holds is none: null. */
  add(airing: Airing): Airing | null {
    const last = this.#airings.at(-1);
    if (last !== undefined && sameAiring(last, airing)) return null;
    // A second in which nothing was written was not heard: what it began is replaced.
    const earlier = this.#airings.filter(({ fromSeconds }) => fromSeconds < airing.fromSeconds);
    const before = earlier.at(-1);
    const isRepeat = before !== undefined && sameAiring(before, airing);
    this.#isAnyForgotten ||= !isRepeat && earlier.length >= MAX_KEPT;
    this.#airings = (isRepeat ? earlier : [...earlier, airing]).slice(-MAX_KEPT);
    return isRepeat ? null : airing;
  }

  /** What holds at a second; where that is forgotten, the oldest that is still known. */
  at(seconds: number): Airing | undefined {
    const airing = this.#airings.findLast(({ fromSeconds }) => fromSeconds <= seconds);
    return airing ?? (this.#isAnyForgotten ? this.#airings[0] : undefined);
  }
}

function sameAiring(a: Airing, b: Airing): boolean {
  const isSameInput = a.kind === b.kind && a.showName === b.showName && a.file === b.file;
  return isSameInput && sameMetadata(a.metadata, b.metadata);
}
