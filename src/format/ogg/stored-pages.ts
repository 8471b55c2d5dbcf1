// Cuts a recorded Ogg file into its pages, as they were heard.
import { concatBytes } from "../parts/bytes.ts";
import { GranuleClock } from "./granule-clock.ts";
import { identifyOggCodec } from "./identify-ogg-codec.ts";
import { OggHeaders } from "./ogg-headers.ts";
import {
  OGG_BOS,
  type OggPage,
  oggPageLength,
  parseOggPage,
  piecesOf,
  startsWithPacket,
} from "./ogg-page.ts";
import { type OggOrigin, originalPage } from "./ogg-rebase.ts";

export interface StoredPage extends OggPage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isHeader: boolean;
  /** A decoder that has the headers may start here. */
  readonly isStart: boolean;
  /** Per channel. */
  readonly samples: number;
  /** Header pages of its chain; empty while they are not complete. */
  readonly headers: Uint8Array;
}

export class StoredPages {
  #rest: Uint8Array = new Uint8Array(0);
  #reading: OggHeaders | null = null;
  #parts: Uint8Array[] = [];
  #clock: GranuleClock | null = null;
  #headers: Uint8Array = new Uint8Array(0);
  #isBroken = false;

  /** `origin`: of a file that begins in the middle of a chain; null if its numbers are to stay. */
  constructor(private readonly origin: OggOrigin | null) {}

  /** What comes next is of a chain with these headers. `isMidway`: not from its start. */
  enter(headers: Uint8Array, isMidway: boolean): void {
    this.#cut(headers, (page) => this.#pass(page, isMidway));
  }

  /** The pages that are complete now, up to the first thing that is none. Throws behind that. */
  push(chunk: Uint8Array): StoredPage[] {
    if (this.#isBroken) throw new Error("the recording is damaged");
    const pages: StoredPage[] = [];
    const bytes = concatBytes([this.#rest, chunk]);
    this.#rest = this.#cut(bytes, (page) => void pages.push(this.#pass(this.#original(page))));
    return pages;
  }

  /** Returns what is left. */
  #cut(bytes: Uint8Array, take: (page: OggPage) => void): Uint8Array {
    let at = 0;
    while (at < bytes.length) {
      const length = oggPageLength(bytes, at);
      if (length === null || at + length > bytes.length) break;
      const page = length === 0 ? null : parseOggPage(bytes.subarray(at, at + length));
      this.#isBroken = page === null;
      if (page === null) break;
      take(page);
      at += length;
    }
    return bytes.slice(at);
  }

  #original(page: OggPage): OggPage {
    if (this.origin?.serial !== page.serial) return page;
    return parseOggPage(originalPage(page.bytes, this.origin)) ?? page;
  }

  #pass(page: OggPage, isMidway = false): StoredPage {
    const isHeader = this.#readHeader(page, isMidway);
    const samples = isHeader ? 0 : (this.#clock?.pass(page) ?? 0);
    const isStart = !isHeader && startsWithPacket(page);
    const bytes = new Uint8Array(page.bytes);
    return { ...page, bytes, isHeader, isStart, samples, headers: this.#headers };
  }

  #readHeader(page: OggPage, isMidway: boolean): boolean {
    if ((page.flags & OGG_BOS) !== 0) this.#begin(page);
    const reading = this.#reading;
    if (reading === null) return false;
    const isFirst = (page.flags & OGG_BOS) !== 0;
    const progress = isFirst ? "more" : reading.read(page);
    if (progress !== "audio") this.#parts.push(page.bytes);
    if (progress !== "more") this.#complete(reading, isMidway);
    return progress !== "audio";
  }

  #complete({ codec }: OggHeaders, isMidway: boolean): void {
    this.#headers = concatBytes(this.#parts);
    this.#clock = new GranuleClock(isMidway ? { ...codec, preSkip: 0 } : codec);
    this.#reading = null;
  }

  #begin(page: OggPage): void {
    const [first] = piecesOf(page);
    const codec = first === undefined ? null : identifyOggCodec(first.bytes.slice());
    if (codec === null) throw new Error("the recording has a chain of an unknown codec");
    this.#reading = new OggHeaders(codec, page);
    this.#parts = [];
    this.#headers = new Uint8Array(0);
    this.#clock = null;
  }
}
