// One output chain: its serial, new headers, renumbered pages, durations, and a last page.
import type { Chain } from "../parts/chain-output.ts";
import { FRAME_SYNC, type StreamFormat, type StreamMetadata } from "../frame.ts";
import { GranuleClock } from "./granule-clock.ts";
import { type OggHeaders, PREAMBLE_MAX_BYTES } from "./ogg-headers.ts";
import {
  emptyLastPage,
  NO_GRANULE,
  OGG_BOS,
  OGG_EOS,
  type OggPage,
  oggPagesOf,
  renumberOggPage,
  setOggGranule,
  startsWithPacket,
} from "./ogg-page.ts";
import { OggTail } from "./ogg-tail.ts";
import { concatBytes } from "../parts/bytes.ts";

/** Samples per channel, and flags as in Frames. */
export interface PageTime {
  readonly samples: number;
  readonly flags: number;
}

/** A serial unique in this process: players take consecutive chains with equal serials for one chain. */
export function uniqueSerial(): number {
  lastSerial = (lastSerial + 1) >>> 0;
  return lastSerial;
}

let lastSerial = Math.floor(Math.random() * 2 ** 32);

/** A chain with these headers, and this title if it has none of its own; null when they do not suffice to decode it, or are too many to send to joiners. */
export function createOggChain(
  headers: OggHeaders,
  nextSerial: () => number,
  gainDb = 0,
  untitled: StreamMetadata | null = null,
): OggChain | null {
  const { codec, comments } = headers;
  const title = comments.metadata === null ? untitled : null;
  return createChain(headers.packetsAt(gainDb, title), nextSerial, {
    source: headers,
    metadata: comments.metadata,
    clock: new GranuleClock(codec),
    before: new OggTail(codec),
    fromGranule: 0,
  });
}

/** A chain that continues another one's pages with another title; null if that is impossible. */
export function retitledOggChain(
  { source, clock, tail }: OggChain,
  metadata: StreamMetadata,
  nextSerial: () => number,
): OggChain | null {
  const packets = source.packetsFrom(metadata, clock.toSkip);
  const fromGranule = clock.granule;
  return createChain(packets, nextSerial, { source, metadata, clock, before: tail, fromGranule });
}

/** A chain that continues another one's pages, of which listeners did not hear any; null if that is impossible. */
export function restartedOggChain(
  { source, clock, tail }: OggChain,
  nextSerial: () => number,
  gainDb: number,
  untitled: StreamMetadata | null,
): OggChain | null {
  const { metadata } = source.comments;
  const title = metadata === null ? untitled : null;
  const packets = source.packetsAtLater(gainDb, title, clock.toSkip);
  const fromGranule = clock.granule;
  return createChain(packets, nextSerial, { source, metadata, clock, before: tail, fromGranule });
}

interface Origin {
  readonly source: OggHeaders;
  readonly metadata: StreamMetadata | null;
  readonly clock: GranuleClock;
  /** The last packet before it from the same source. */
  readonly before: OggTail;
  /** The source's granule where this chain begins. */
  readonly fromGranule: number;
}

function createChain(
  packets: readonly Uint8Array[] | null,
  nextSerial: () => number,
  origin: Origin,
): OggChain | null {
  const byteLength = packets?.reduce((sum, packet) => sum + packet.length, 0) ?? 0;
  if (packets === null || byteLength > PREAMBLE_MAX_BYTES) return null;
  const serial = nextSerial();
  return new OggChain(origin, serial, pagesOfHeaders(packets, serial));
}

export class OggChain implements Chain {
  readonly format: StreamFormat;
  readonly source: OggHeaders;
  readonly metadata: StreamMetadata | null;
  readonly preamble: Uint8Array;
  readonly headers: readonly Uint8Array[];
  readonly clock: GranuleClock;
  readonly tail: OggTail;
  #isOver = false;
  /** Added to each page's number; lost pages leave a gap, so that decoders notice. */
  #shift: number | null = null;
  #sequence: number;
  #fromGranule: number;
  #granule = 0;
  #samples = 0;

  constructor(
    origin: Origin,
    readonly serial: number,
    headers: readonly Uint8Array[],
  ) {
    this.source = origin.source;
    this.format = this.source.codec.format;
    this.metadata = origin.metadata;
    this.preamble = concatBytes(headers);
    this.clock = origin.clock;
    this.tail = origin.before;
    this.headers = [...headers, ...this.#lead(headers.length)];
    this.#fromGranule = origin.fromGranule;
    this.#sequence = this.headers.length - 1;
  }

  /** The serial of the source's pages. */
  get inputSerial(): number {
    return this.source.serial;
  }

  /** Its last page has passed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Playing time so far. */
  get seconds(): number {
    return this.#samples / this.format.sampleRate;
  }

  /** Converts a page of audio into one of this chain, in place. */
  adopt(page: OggPage): PageTime {
    this.#shift ??= this.#sequence + 1 - page.sequence;
    this.#sequence = (page.sequence + this.#shift) >>> 0;
    this.#isOver = (page.flags & OGG_EOS) !== 0;
    const samples = this.clock.pass(page);
    this.#samples += samples;
    this.tail.pass(page);
    this.#settleGranule(page);
    renumberOggPage(page.bytes, this.serial, this.#sequence);
    return { samples, flags: startsWithPacket(page) ? FRAME_SYNC : 0 };
  }

  /** A last page, if the source sent none; else null. */
  end(): Uint8Array | null {
    if (this.#isOver) return null;
    this.#isOver = true;
    return emptyLastPage(this.serial, (this.#sequence + 1) >>> 0, this.#granule);
  }

  /** Pages with the previous packet, which decoders need for the first one. */
  #lead(sequence: number): Uint8Array[] {
    const { packet } = this.tail;
    if (packet === null) return [];
    return oggPagesOf(packet, { flags: 0, granule: 0, serial: this.serial, sequence });
  }

  #settleGranule({ bytes, granule }: OggPage): void {
    if (granule === NO_GRANULE) return;
    // A source whose granules go back beyond this chain's start begins at 0 again.
    if (granule < this.#fromGranule) this.#fromGranule = 0;
    this.#granule = granule - this.#fromGranule;
    if (this.#fromGranule !== 0) setOggGranule(bytes, this.#granule);
  }
}

/** Each header on pages of its own, as Opus and FLAC require and Vorbis and Speex allow. */
function pagesOfHeaders(packets: readonly Uint8Array[], serial: number): Uint8Array[] {
  const pages: Uint8Array[] = [];
  for (const packet of packets) {
    const flags = pages.length === 0 ? OGG_BOS : 0;
    pages.push(...oggPagesOf(packet, { flags, granule: 0, serial, sequence: pages.length }));
  }
  return pages;
}
