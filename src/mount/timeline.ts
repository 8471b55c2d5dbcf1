// Pure: which title was on air from which second of a mount's audio on, so that players can look up what they are
// playing.
import type { InputKind } from "./roles.ts";
import { type Metadata, sameMetadata } from "./metadata.ts";

/** Sums of whole microseconds differ from exact positions by less, and no frame is shorter. */
const ROUNDING_SECONDS = 0.0005;

/** More than a page shows, and more than hours of rewind have; excess titles push out the oldest. */
const MAX_KEPT = 256;

export interface Airing {
  /** Position on the mount's timeline where it begins. */
  readonly fromSeconds: number;
  /** The kind of its input. */
  readonly kind: InputKind;
  /** The name of the source's show, or "". */
  readonly showName: string;
  readonly metadata: Metadata;
  /** The file being played, or null. */
  readonly file: string | null;
  /** Its playing time; null if unknown. */
  readonly seconds: number | null;
  /** How much of it was heard before, if it goes on after an interruption. */
  readonly playedSeconds?: number;
}

export class Timeline {
  #airings: readonly Airing[] = [];
  #isAnyForgotten = false;

  /** In timeline order. */
  get airings(): readonly Airing[] {
    return this.#airings;
  }

  /** Adds an airing; seconds never decrease. Returns null for a repeat of the current one. */
  add(airing: Airing): Airing | null {
    const last = this.#airings.at(-1);
    if (last !== undefined && sameAiring(last, airing)) return null;
    // No audio was written since it began: the new airing replaces it.
    const earlier = this.#airings.filter(({ fromSeconds }) => fromSeconds < airing.fromSeconds);
    const before = earlier.at(-1);
    const isRepeat = before !== undefined && sameAiring(before, airing);
    this.#isAnyForgotten ||= !isRepeat && earlier.length >= MAX_KEPT;
    this.#airings = (isRepeat ? earlier : [...earlier, airing]).slice(-MAX_KEPT);
    return isRepeat ? null : airing;
  }

  /** The start of an airing for a position that only rounding has put before it; any other as it is. */
  settled(seconds: number): number {
    const next = this.#airings.find(({ fromSeconds }) => fromSeconds > seconds);
    const isStart = next !== undefined && next.fromSeconds - seconds < ROUNDING_SECONDS;
    return isStart ? next.fromSeconds : seconds;
  }

  /** The airing at a position, or the oldest one kept if that is forgotten. */
  at(seconds: number): Airing | undefined {
    const airing = this.#airings.findLast(({ fromSeconds }) => fromSeconds <= seconds);
    return airing ?? (this.#isAnyForgotten ? this.#airings[0] : undefined);
  }
}

function sameAiring(a: Airing, b: Airing): boolean {
  const isSameInput = a.kind === b.kind && a.showName === b.showName && a.file === b.file;
  return isSameInput && sameMetadata(a.metadata, b.metadata);
}
