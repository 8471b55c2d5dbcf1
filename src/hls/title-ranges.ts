// Pure: the titles of a media playlist with the time of day at which they begin (EXT-X-DATERANGE). What is listed once stays
// as it is.
import type { Airing } from "../mount/timeline.ts";

export interface TitleRange {
  /** Unique within a run. */
  readonly index: number;
  readonly wallMs: number;
  readonly airing: Airing;
  /** The id of its picture; null without one. */
  readonly artworkId: string | null;
}

/** One that is replaced sooner was a slip, or an attack. */
const SHORTEST_MS = 1000;

const MAX_KEPT = 256;

export class TitleRanges {
  #listed: readonly TitleRange[] = [];
  /** Behind the last segment. */
  #coming: readonly TitleRange[] = [];
  #count = 0;

  constructor(private readonly artworkIdOf: (airing: Airing) => string | null) {}

  /** In order of time. */
  get listed(): readonly TitleRange[] {
    return this.#listed;
  }

  add(airing: Airing, wallMs: number): void {
    const kept = this.#coming.filter((one) => wallMs - one.wallMs >= SHORTEST_MS);
    const range = { index: this.#count++, wallMs, airing, artworkId: null };
    this.#coming = [...kept, range].slice(-MAX_KEPT);
  }

  /** The playlist reaches from here to there now. */
  list(fromMs: number, toMs: number): void {
    const isReached = ({ wallMs }: TitleRange) => wallMs < toMs;
    const added = this.#coming.filter(isReached).map((range) => {
      return { ...range, artworkId: this.artworkIdOf(range.airing) };
    });
    this.#coming = this.#coming.filter((range) => !isReached(range));
    const all = [...this.#listed, ...added];
    const first = all.findLastIndex(({ wallMs }) => wallMs <= fromMs);
    this.#listed = all.slice(Math.max(0, first)).slice(-MAX_KEPT);
  }
}
