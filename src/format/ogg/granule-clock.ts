// Turns the granule positions of a chain's pages, and the packets on them, into playing time that can be trusted.
import type { OggCodec } from "./ogg-codec.ts";
import { NO_GRANULE, OGG_EOS, type OggPage, piecesOf } from "./ogg-page.ts";

const LONGEST_PAGE_SECONDS = 60;

/**
 * How long each page plays. The granules tell it where they can be true; the packets tell how much there can be:
 * where a granule goes back, stands still or jumps (a relay that reconnected, lost pages, a joined stream that
 * began above 0), the page plays what its packets hold. Only a last page may play less (end trimming).
 */
export class GranuleClock {
  readonly #longest: number;
  #granule: number | null = null;
  #toSkip: number;
  /** Samples of packets that ended since the last page with a granule, and of the packet under way. */
  #worth = 0;
  #open = 0;

  constructor(private readonly codec: OggCodec) {
    this.#toSkip = codec.preSkip;
    this.#longest = LONGEST_PAGE_SECONDS * codec.format.sampleRate;
  }

  /** Samples that are decoded and still to be skipped. */
  get toSkip(): number {
    return this.#toSkip;
  }

  /** The granule up to which it has passed. */
  get granule(): number {
    return this.#granule ?? 0;
  }

  /** The next page of audio: how many samples it plays. */
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
