// Lets a file begin in the middle of a chain: its pages count time and numbers from there on. The packets stay as they are.
import type { Frames } from "../frame.ts";
import { splitFrames } from "../frame-slice.ts";
import { concatBytes } from "../parts/bytes.ts";
import { NO_GRANULE, oggFieldsOf, renumberOggPage, setOggGranule } from "./ogg-page.ts";

/** What a file's first chain was before it was rebased. */
export interface OggOrigin {
  readonly serial: number;
  /** To be added to its granules. */
  readonly granule: number;
  /** To be added to its page numbers, modulo 2^32. */
  readonly sequence: number;
}

export class OggRebase {
  /** Subtracted from granules; null before the first page that has one. */
  #granule: number | null = null;
  /** Added to numbers; null before the first page. */
  #shift: number | null = null;

  constructor(
    private readonly serial: number,
    /** Pages in front, which are numbered from 0. */
    private readonly headerPages: number,
  ) {}

  /** null before the first page with a granule. */
  get origin(): OggOrigin | null {
    const { serial } = this;
    if (this.#granule === null || this.#shift === null) return null;
    return { serial, granule: this.#granule, sequence: -this.#shift >>> 0 };
  }

  /** Copies of the pages. */
  bytes(frames: Frames): Uint8Array {
    return concatBytes(splitFrames(frames).map(({ bytes, samples }) => this.#page(bytes, samples)));
  }

  #page(page: Uint8Array, samples: number): Uint8Array {
    const copy = page.slice();
    const { serial, granule, sequence } = oggFieldsOf(copy);
    if (serial !== this.serial) return copy;
    this.#shift ??= this.headerPages - sequence;
    if (granule !== NO_GRANULE) {
      this.#granule ??= granule - samples;
      setOggGranule(copy, Math.max(0, granule - this.#granule));
    }
    renumberOggPage(copy, serial, (sequence + this.#shift) >>> 0);
    return copy;
  }
}

/** A copy of a rebased page as it was before. */
export function originalPage(page: Uint8Array, origin: OggOrigin): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(page);
  const { serial, granule, sequence } = oggFieldsOf(copy);
  if (serial !== origin.serial) return copy;
  if (granule !== NO_GRANULE) setOggGranule(copy, granule + origin.granule);
  renumberOggPage(copy, serial, (sequence + origin.sequence) >>> 0);
  return copy;
}
