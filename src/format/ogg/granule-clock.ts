// Computes the playing time of a chain's pages from their granule positions and packets.
import type { OggCodec } from "./ogg-codec.ts";
import { NO_GRANULE, OGG_EOS, type OggPage, piecesOf } from "./ogg-page.ts";

const LONGEST_PAGE_SECONDS = 60;

/**
 * The duration of each page: the difference of granules if plausible, else the duration of its packets. Granules go
 * back, stand still or jump if a relay reconnects, pages are lost, or a stream does not begin at 0. Only a last page may
 * be shorter than its packets (end trimming).
 */
export class GranuleClock {
  readonly #longest: number;
  #granule: number | null = null;
  #toSkip: number;
  /** Samples of the packets completed since the last page with a granule, and of the incomplete packet. */
  #worth = 0;
  #open = 0;

  constructor(private readonly codec: OggCodec) {
    this.#toSkip = codec.preSkip;
    this.#longest = LONGEST_PAGE_SECONDS * codec.format.sampleRate;
  }

  /** Pre-skip samples that have not been skipped yet. */
  get toSkip(): number {
    return this.#toSkip;
  }

  /** The latest granule. */
  get granule(): number {
    return this.#granule ?? 0;
  }

  /** Takes the next page of audio. Returns its samples. */
  pass(page: OggPage): number {
    this.#weigh(page);
    if (page.granule === NO_GRANULE) return 0;
    const samples = this.#played(page);
    this.#granule = page.granule;
    this.#worth = 0;
    const skipped = Math.min(this.#toSkip, samples);
    this.#toSkip -= skipped;
    return samples - skipped;
  }

  #weigh(page: OggPage): void {
    for (const { bytes, isStart, isEnd } of piecesOf(page)) {
      if (isStart) this.#open = this.codec.samplesOf(bytes);
      if (!isEnd) continue;
      this.#worth += this.#open;
      this.#open = 0;
    }
  }

  #played({ granule, flags }: OggPage): number {
    const worth = Math.min(this.#worth, this.#longest);
    const passed = granule - (this.#granule ?? 0);
    const isFirst = this.#granule === null;
    const isLast = (flags & OGG_EOS) !== 0;
    if (isFirst || isLast) return Math.max(0, Math.min(passed, worth));
    return passed > 0 && passed <= worth ? passed : worth;
  }
}
