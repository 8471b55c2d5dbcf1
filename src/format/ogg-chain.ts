// One chain on its way out: a serial of its own, pages numbered behind its new headers, durations, and a proper end.
import type { Chain } from "./chain-output.ts";
import { FRAME_SYNC, type StreamFormat, type StreamMetadata } from "./frame.ts";
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
  startsWithPacket,
} from "./ogg-page.ts";
import { concatBytes } from "./stream-header.ts";

/** Samples per channel, and flags as in Frames. */
export interface PageTime {
  readonly samples: number;
  readonly flags: number;
}

/** Serials nobody else in this process has; two chains in a row must differ, or players take them for one. */
export function uniqueSerial(): number {
  lastSerial = (lastSerial + 1) >>> 0;
  return lastSerial;
}

let lastSerial = Math.floor(Math.random() * 2 ** 32);

/** A chain with these headers; null when they do not suffice to decode it, or are too many to send to joiners. */
export function createOggChain(headers: OggHeaders, nextSerial: () => number): OggChain | null {
  const packets = headers.packets;
  const byteLength = packets?.reduce((sum, packet) => sum + packet.length, 0) ?? 0;
  if (packets === null || byteLength > PREAMBLE_MAX_BYTES) return null;
  const serial = nextSerial();
  return new OggChain(headers, serial, pagesOfHeaders(packets, serial));
}

export class OggChain implements Chain {
  readonly format: StreamFormat;
  /** The serial its pages come with. */
  readonly inputSerial: number;
  readonly metadata: StreamMetadata | null;
  readonly preamble: Uint8Array;
  readonly #clock: GranuleClock;
  #isOver = false;
  /** What to add to a page's own number; pages that were lost leave their gap, so that decoders notice. */
  #shift: number | null = null;
  #sequence: number;
  #granule = 0;

  constructor(
    source: OggHeaders,
    readonly serial: number,
    readonly headers: readonly Uint8Array[],
  ) {
    this.format = source.codec.format;
    this.inputSerial = source.serial;
    this.metadata = source.comments.metadata;
    this.preamble = concatBytes(headers);
    this.#clock = new GranuleClock(source.codec);
    this.#sequence = headers.length - 1;
  }

  /** After its last page nothing belongs to a chain. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Makes a page of audio, in place, one of this chain. */
  adopt(page: OggPage): PageTime {
    this.#shift ??= this.#sequence + 1 - page.sequence;
    this.#sequence = (page.sequence + this.#shift) >>> 0;
    if (page.granule !== NO_GRANULE) this.#granule = page.granule;
    this.#isOver = (page.flags & OGG_EOS) !== 0;
    const samples = this.#clock.pass(page);
    renumberOggPage(page.bytes, this.serial, this.#sequence);
    return { samples, flags: startsWithPacket(page) ? FRAME_SYNC : 0 };
  }

  /** The page that ends a chain whose input does not; null when it already had its last. */
  end(): Uint8Array | null {
    if (this.#isOver) return null;
    this.#isOver = true;
    return emptyLastPage(this.serial, (this.#sequence + 1) >>> 0, this.#granule);
  }
}

/** Every header on pages of its own: what Opus and FLAC demand and Vorbis and Speex allow. */
function pagesOfHeaders(packets: readonly Uint8Array[], serial: number): Uint8Array[] {
  const pages: Uint8Array[] = [];
  for (const packet of packets) {
    const flags = pages.length === 0 ? OGG_BOS : 0;
    pages.push(...oggPagesOf(packet, { flags, granule: 0, serial, sequence: pages.length }));
  }
  return pages;
}
