// Ogg with one stream of audio at a time: its pages are the frames, the header pages of each chain their preamble.
// Every chain leaves under a serial of our own, without pictures in its headers and with a last page.
import { ChainParser, type ChainReader, type ChainWork } from "../parts/chain-parser.ts";
import type { FrameParser, StreamMetadata } from "../frame.ts";
import { identifyOggCodec } from "./identify-ogg-codec.ts";
import { createOggChain, type OggChain, retitledOggChain, uniqueSerial } from "./ogg-chain.ts";
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
  /** A serial for every chain; neighbours on a mount must differ. Default: unique in this process. */
  readonly nextSerial?: () => number;
  /** dB by which a chain with these comments is to be louder, where its codec can say so in a header (Opus). */
  readonly gainOf?: (comments: readonly (readonly [name: string, text: string])[]) => number;
}

/**
 * A parser for one input, live or a file, of any number of chains. Of streams that begin together the first of a
 * known audio codec plays; the pages of the others (skeleton, video), of unknown codecs and of chains of another
 * format are garbage, as is everything before the first chain begins.
 */
export function createOggParser(options: OggOptions = {}): FrameParser {
  const nextSerial = options.nextSerial ?? uniqueSerial;
  return new ChainParser<OggChain>((work) => new OggReader(work, nextSerial, options.gainOf));
}

/** The O of OggS. */
const FIRST_BYTE = 0x4f;

/** Seconds that a chain of a told title plays at least: each costs listeners its headers, and their decoder a start. */
const RETITLED_SECONDS = 1;
// Only its checksum tells a page from bytes that look like one. In real damage few do; where heads of long pages follow
// each other every few bytes, each byte would be summed thousands of times. So a byte pays for two more to be summed.
const SUMS_PER_BYTE = 2;
const FIRST_SUMS = 4 * OGG_PAGE_MAX_BYTES;

class OggReader implements ChainReader {
  /** First pages follow each other: they belong to streams that play together, not after one another. */
  #isGroupOpen = false;
  /** Bytes of the page that begins the intake; 0 when they are not known. */
  #awaited = 0;
  /** Bytes whose checksum may be taken. */
  #sums = FIRST_SUMS;
  /** Of a chain whose headers are not complete yet. */
  #headers: OggHeaders | null = null;

  /** A title that no chain has yet. */
  #told: StreamMetadata | null = null;
  #retitled: OggChain | null = null;

  constructor(
    private readonly work: ChainWork<OggChain>,
    private readonly nextSerial: () => number,
    private readonly gainOf: OggOptions["gainOf"],
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
    this.#told = metadata;
  }

  /** The next whole page, everything before it dropped; null when it takes more bytes. */
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

  /** null: it is no page, or cannot be looked at with what its predecessors have paid. */
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

  /** Whether the page is done with; else it comes again, to the chain that now begins. */
  #handle(page: OggPage): boolean {
    if ((page.flags & OGG_BOS) !== 0) {
      this.#begin(page);
      return true;
    }
    this.#isGroupOpen = false;
    if (this.#headers?.serial === page.serial) return this.#readHeaders(this.#headers, page);
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

  /** Whether the page begins a chain of the title that was told. */
  #beginRetitled(chain: OggChain, page: OggPage): boolean {
    const told = this.#told;
    if (told === null || this.#isTooSoon(chain)) return false;
    if (!startsWithPacket(page) || !hasAudio(page)) return false;
    this.#told = null;
    const next = isSame(chain.metadata, told)
      ? null
      : retitledOggChain(chain, told, this.nextSerial);
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
      // What a stream says of itself is newer than what was told before.
      if (chain.metadata !== null) this.#told = null;
      this.work.output.begin(chain);
    }
    return progress === "complete";
  }

  #chainOf(headers: OggHeaders): OggChain | null {
    const gainDb = this.gainOf?.(headers.comments.pairs) ?? 0;
    return createOggChain(headers, this.nextSerial, gainDb);
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

/** Some muxers end a stream with an empty packet. */
function hasAudio(page: OggPage): boolean {
  return [...piecesOf(page)].some(({ bytes }) => bytes.length > 0);
}

function isSame(a: StreamMetadata | null, b: StreamMetadata): boolean {
  return a !== null && a.artist === b.artist && a.title === b.title;
}
