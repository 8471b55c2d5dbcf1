// Lets a file begin in the middle of a chain: its pages count time and numbers from there on. The packets stay as they are.
import type { Frames } from "../frame.ts";
import { splitFrames } from "../frame-slice.ts";
import { concatBytes } from "../parts/bytes.ts";
import { NO_GRANULE, oggFieldsOf, renumberOggPage, setOggGranule } from "./ogg-page.ts";

export class OggRebase {
  /** Subtracted from granules and added to numbers; null before the first page. */
  #granule: number | null = null;
  #shift = 0;

  constructor(
    private readonly serial: number,
    /** Pages in front, which are numbered from 0. */
    private readonly headerPages: number,
  ) {}

  /** Copies of the pages. */
  bytes(frames: Frames): Uint8Array {
    return concatBytes(splitFrames(frames).map(({ bytes, samples }) => this.#page(bytes, samples)));
  }

  #page(page: Uint8Array, samples: number): Uint8Array {
    const copy = page.slice();
    const { serial, granule, sequence } = oggFieldsOf(copy);
    if (serial !== this.serial) return copy;
    if (this.#granule === null) this.#shift = this.headerPages - sequence;
    if (granule !== NO_GRANULE) {
      this.#granule ??= granule - samples;
      setOggGranule(copy, Math.max(0, granule - this.#granule));
    }
    renumberOggPage(copy, serial, (sequence + this.#shift) >>> 0);
    return copy;
  }
}
