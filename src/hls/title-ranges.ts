// Pure: the titles of a media playlist with the time of day at which they begin (EXT-X-DATERANGE). What is listed once stays
// as it is.
import type { Titled } from "../lib/titled.ts";
import type { Airing } from "../mount/timeline.ts";

export interface TitleRange {
  readonly run: string;
  /** Unique within a run. */
  readonly index: number;
  readonly wallMs: number;
  readonly titled: Titled;
  /** The id of its picture; null without one. */
  readonly artworkId: string | null;
}

/** Of a title that is not listed yet. */
interface ComingRange extends TitleRange {
  readonly airing: Airing;
}

/** One that is replaced sooner was a slip, or an attack. */
const SHORTEST_MS = 1000;

const MAX_KEPT = 256;

export class TitleRanges {
  #listed: readonly TitleRange[] = [];
  /** Behind the last segment. */
  #coming: readonly ComingRange[] = [];
  #count = 0;

  constructor(
    private readonly run: string,
    private readonly artworkIdOf: (airing: Airing) => string | null,
  ) {}

  /** In order of time. */
  get listed(): readonly TitleRange[] {
    return this.#listed;
  }

  /** Those that an earlier run has listed. */
  restore(listed: readonly TitleRange[]): void {
    this.#listed = listed;
  }

  add(airing: Airing, wallMs: number): void {
    const kept = this.#coming.filter((one) => wallMs - one.wallMs >= SHORTEST_MS);
    const { artist, title } = airing.metadata;
    const place = { run: this.run, index: this.#count++, wallMs };
    const range = { ...place, titled: { artist, title }, artworkId: null, airing };
    this.#coming = [...kept, range].slice(-MAX_KEPT);
  }

  /** The playlist reaches from here to there now. */
  list(fromMs: number, toMs: number): void {
    const isReached = ({ wallMs }: TitleRange) => wallMs < toMs;
    const added = this.#coming.filter(isReached).map(({ airing, ...range }) => {
      return { ...range, artworkId: this.artworkIdOf(airing) };
    });
    this.#coming = this.#coming.filter((range) => !isReached(range));
    const all = [...this.#listed, ...added];
    const first = all.findLastIndex(({ wallMs }) => wallMs <= fromMs);
    this.#listed = all.slice(Math.max(0, first)).slice(-MAX_KEPT);
  }
}
