// Ogg with one audio stream at a time: its pages are the frames, and each chain's header pages are their preamble.
// Every chain gets a new serial, headers without pictures, and a last page.
import { ChainParser, type ChainReader, type ChainWork } from "../parts/chain-parser.ts";
import type { FrameParser, StreamMetadata } from "../frame.ts";
import { identifyOggCodec } from "./identify-ogg-codec.ts";
import {
  createOggChain,
  type OggChain,
  restartedOggChain,
  retitledOggChain,
  uniqueSerial,
} from "./ogg-chain.ts";
import { OggHeaders } from "./ogg-headers.ts";
import {
  OGG_BOS,
  OGG_PAGE_MAX_BYTES,
  type OggPage,
  oggPageLength,
  parseOggPage,
  piecesOf,
  startsWithPacket,
} from "./ogg-page.ts";

export interface OggOptions {
  /** Returns a chain's serial; consecutive chains of a mount must differ. Default: unique in this process. */
  readonly nextSerial?: () => number;
  /** dB by which a chain with these comments is to be louder, where its codec can say so in a header (Opus). */
  readonly gainOf?: (comments: readonly (readonly [name: string, text: string])[]) => number;
  /** For listeners of chains without a title of their own. */
  readonly title?: StreamMetadata | null;
  /** Of a file: the number of the first page to be given, the headers counted; 0 or absent gives all. */
  readonly startPage?: number;
}

/**
 * A parser for one input, live or a file, with any number of chains. Of multiplexed streams it plays the first one with
 * a known audio codec; pages of other streams (skeleton, video), unknown codecs and chains of another format are
 * garbage, as is everything before the first chain.
 */
export function createOggParser(options: OggOptions = {}): FrameParser {
  const nextSerial = options.nextSerial ?? uniqueSerial;
  return new ChainParser<OggChain>((work) => new OggReader(work, nextSerial, options));
}

/** The O of OggS. */
const FIRST_BYTE = 0x4f;

/** Shortest chain for a title from outside, since each chain costs headers and a decoder restart. */
const RETITLED_SECONDS = 1;

// Only the checksum shows that a page is real. Real damage has few false page headers, but input with one every few
// bytes would make each byte be summed thousands of times. So each byte of input allows two bytes to be summed.
const SUMS_PER_BYTE = 2;
const FIRST_SUMS = 4 * OGG_PAGE_MAX_BYTES;

class OggReader implements ChainReader {
  /** The last page was a first page: if another follows, their streams are multiplexed, not chained. */
  #isGroupOpen = false;
  /** Length of the page at the start of the intake; 0 if unknown. */
  #awaited = 0;
  /** Bytes that may still be summed. */
  #sums = FIRST_SUMS;
  /** The incomplete headers of the next chain. */
  #headers: OggHeaders | null = null;

  /** A title from outside that no chain has yet. */
  #nextTitle: StreamMetadata | null = null;
  #retitled: OggChain | null = null;
  /** The first chain while its pages are passed over. */
  #passing: { readonly chain: OggChain; left: number } | null = null;

  constructor(
    private readonly work: ChainWork<OggChain>,
    private readonly nextSerial: () => number,
    private readonly options: OggOptions,
  ) {}

  step(): boolean {
    if (this.work.intake.length < this.#awaited && !this.work.isEnding) return false;
    const page = this.#findPage();
    if (page === null) return false;
    if (this.#handle(page)) this.#decide(page.bytes.length);
    return true;
  }

  end(): void {
    this.#endChain();
  }

  retitle(metadata: StreamMetadata): void {
    this.#nextTitle = metadata;
  }

  /** Finds the next complete page and drops everything before it; null if more bytes are needed. */
  #findPage(): OggPage | null {
    const bytes = this.work.intake.bytes;
    this.#awaited = 0;
    for (let at = bytes.indexOf(FIRST_BYTE); at >= 0; at = bytes.indexOf(FIRST_BYTE, at + 1)) {
      const length = oggPageLength(bytes, at);
      if (length === 0) continue;
      const isWhole = length !== null && at + length <= bytes.length;
      if (!isWhole && this.work.isEnding) continue;
      const page = isWhole ? this.#check(bytes.subarray(at, at + length), at) : null;
      if (isWhole && page === null) continue;
      this.#awaited = page === null ? (length ?? 0) : 0;
      this.#drop(at);
      return page;
    }
    this.#drop(bytes.length);
    return null;
  }

  /** null if it is not a page, or if its checksum would exceed the allowance. */
  #check(bytes: Uint8Array, at: number): OggPage | null {
    const paid = this.#sums + at * SUMS_PER_BYTE;
    if (bytes.length > paid) return null;
    this.#sums -= bytes.length;
    return parseOggPage(bytes);
  }

  #drop(count: number): void {
    this.work.garbageBytes += count;
    this.#decide(count);
  }

  #decide(count: number): void {
    this.work.intake.skip(count);
    this.#sums = Math.min(FIRST_SUMS, this.#sums + count * SUMS_PER_BYTE);
  }

  /** False if the page must be handled again, by the chain that has just begun. */
  #handle(page: OggPage): boolean {
    if ((page.flags & OGG_BOS) !== 0) {
      this.#begin(page);
      return true;
    }
    this.#isGroupOpen = false;
    if (this.#headers?.serial === page.serial) return this.#readHeaders(this.#headers, page);
    if (this.#passing !== null && !this.#passOver(page, this.#passing)) return false;
    if (this.#passing !== null) return true;
    const { chain } = this.work.output;
    if (chain === null || chain.isOver || chain.inputSerial !== page.serial) {
      this.work.garbageBytes += page.bytes.length;
      return true;
    }
    if (this.#beginRetitled(chain, page)) return false;
    const { samples, flags } = chain.adopt(page);
    this.work.output.emit(page.bytes, samples, flags);
    return true;
  }

  /** Begins a chain with the new title before this page, if possible. */
  #beginRetitled(chain: OggChain, page: OggPage): boolean {
    const title = this.#nextTitle;
    if (title === null || this.#isTooSoon(chain)) return false;
    if (!startsWithPacket(page) || !hasAudio(page)) return false;
    this.#nextTitle = null;
    const next = isSame(chain.metadata, title)
      ? null
      : retitledOggChain(chain, title, this.nextSerial);
    if (next === null) return false;
    this.#retitled = next;
    this.#endChain();
    this.work.output.begin(next);
    return true;
  }

  /** Decoders fail on chains without audio. */
  #isTooSoon(chain: OggChain): boolean {
    return chain.seconds < (chain === this.#retitled ? RETITLED_SECONDS : Number.EPSILON);
  }

  #begin(page: OggPage): void {
    if (!this.#isGroupOpen) this.#endChain();
    this.#isGroupOpen = true;
    const [first] = piecesOf(page);
    const isWanted = this.#headers === null && first?.isEnd;
    const codec = isWanted ? identifyOggCodec(first.bytes.slice()) : null;
    if (codec !== null && this.work.output.accept(codec.format)) {
      this.#headers = new OggHeaders(codec, page);
    } else {
      this.work.garbageBytes += page.bytes.length;
    }
  }

  #readHeaders(headers: OggHeaders, page: OggPage): boolean {
    const progress = headers.read(page);
    if (progress === "more") return true;
    const chain = progress === "refused" ? null : this.#chainOf(headers);
    if (chain === null) {
      this.#giveUpHeaders();
    } else {
      this.#headers = null;
      // The stream's own title is newer than one that was sent beside it.
      if (chain.metadata !== null) this.#nextTitle = null;
      const left = (this.options.startPage ?? 0) - chain.headers.length;
      if (left > 0 && this.work.output.chain === null) this.#passing = { chain, left };
      else this.work.output.begin(chain);
    }
    return progress === "complete";
  }

  /** False if the page must be handled again, by the chain that has just begun. */
  #passOver(page: OggPage, passing: { readonly chain: OggChain; left: number }): boolean {
    if (page.serial !== passing.chain.inputSerial) return true;
    if (passing.left > 0) {
      passing.left--;
      passing.chain.adopt(page);
      return true;
    }
    this.#passing = null;
    const { gainOf, title = null } = this.options;
    const gainDb = gainOf?.(passing.chain.source.comments.pairs) ?? 0;
    const next = restartedOggChain(passing.chain, this.nextSerial, gainDb, title);
    if (next === null) return true;
    this.work.output.begin(next);
    return false;
  }

  #chainOf(headers: OggHeaders): OggChain | null {
    const { gainOf, title = null } = this.options;
    const gainDb = gainOf?.(headers.comments.pairs) ?? 0;
    return createOggChain(headers, this.nextSerial, gainDb, title);
  }

  #giveUpHeaders(): void {
    this.work.garbageBytes += this.#headers?.byteLength ?? 0;
    this.#headers = null;
  }

  #endChain(): void {
    this.#giveUpHeaders();
    const { output } = this.work;
    const last = output.chain?.end() ?? null;
    if (last !== null) output.emit(last, 0, 0);
  }
}

/** False for the empty packet that some muxers end a stream with. */
function hasAudio(page: OggPage): boolean {
  return [...piecesOf(page)].some(({ bytes }) => bytes.length > 0);
}

function isSame(a: StreamMetadata | null, b: StreamMetadata): boolean {
  return a !== null && a.artist === b.artist && a.title === b.title;
}
