// Joins the pages of recorded files into one stream: headers come first, and again only before a page of another chain, or one
// that does not follow on.
import { concatBytes } from "../parts/bytes.ts";
import {
  emptyLastPage,
  NO_GRANULE,
  OGG_BOS,
  OGG_EOS,
  oggFieldsOf,
  oggPageLength,
  renumberOggPage,
} from "./ogg-page.ts";
import type { StoredPage } from "./stored-pages.ts";

/** Makes another serial of one. */
const OTHER = 0x8000_0000;

interface Last {
  readonly serial: number;
  readonly sequence: number;
  readonly isOver: boolean;
}

export class PageJoin {
  #last: Last | null = null;
  #granule = 0;
  #isEntering = true;
  /** Changes the serial of the chain in force, where the chain before it had the same. */
  #flip = 0;

  /** `isStitched`: the stream goes on at its first page, whether a decoder could start there or not. */
  constructor(private readonly isStitched = false) {}

  /** The next page is the first one of another file. */
  enter(): void {
    this.#isEntering = true;
  }

  /** What is sent of the next page; null if it is left out. */
  next(page: StoredPage): Uint8Array<ArrayBuffer> | null {
    const isOther = this.#isEntering && !isNext(this.#last, page);
    if (isOther && !this.#canEnter(page)) return null;
    const front = isOther ? this.#turn(page) : [];
    if (!isOther && (page.flags & OGG_BOS) !== 0) this.#flip = 0;
    this.#isEntering = false;
    const { serial, sequence, granule, flags } = page;
    if (granule !== NO_GRANULE) this.#granule = granule;
    this.#last = { serial, sequence, isOver: (flags & OGG_EOS) !== 0 };
    return concatBytes([...front, flipped(page.bytes, this.#flip)]);
  }

  /** The last page of the chain in force; null if it has passed. */
  end(): Uint8Array<ArrayBuffer> | null {
    const last = this.#last;
    if (last === null || last.isOver) return null;
    this.#last = { ...last, isOver: true };
    const { serial, sequence } = last;
    return emptyLastPage((serial ^ this.#flip) >>> 0, (sequence + 1) >>> 0, this.#granule);
  }

  #canEnter({ isHeader, isStart }: StoredPage): boolean {
    return isStart || (this.isStitched && this.#last === null && !isHeader);
  }

  #turn({ serial, headers }: StoredPage): Uint8Array[] {
    const end = this.end();
    const isTaken = this.#last !== null && (this.#last.serial ^ this.#flip) >>> 0 === serial;
    this.#flip = isTaken ? OTHER : 0;
    const front = flipped(headers, this.#flip);
    return end === null ? [front] : [end, front];
  }
}

/** Whether a page follows another one of its chain. */
export function isNext(
  last: Pick<StoredPage, "serial" | "sequence"> | null,
  { serial, sequence }: Pick<StoredPage, "serial" | "sequence">,
): boolean {
  return last?.serial === serial && (last.sequence + 1) >>> 0 === sequence;
}

/** Whole pages with another serial. */
function flipped(pages: Uint8Array, flip: number): Uint8Array {
  if (flip === 0) return pages;
  const copy = pages.slice();
  for (let at = 0; at < copy.length;) {
    const length = oggPageLength(copy, at) ?? 0;
    if (length === 0) break;
    const page = copy.subarray(at, at + length);
    const { serial, sequence } = oggFieldsOf(page);
    renumberOggPage(page, (serial ^ flip) >>> 0, sequence);
    at += length;
  }
  return copy;
}
