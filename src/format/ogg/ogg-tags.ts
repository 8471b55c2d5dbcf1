// The headers of a chain with other comments, for a file of its own.
import { identifyOggCodec } from "./identify-ogg-codec.ts";
import { OggHeaders } from "./ogg-headers.ts";
import {
  OGG_BOS,
  oggPageLength,
  type OggPage,
  oggPagesOf,
  parseOggPage,
  piecesOf,
} from "./ogg-page.ts";
import { concatBytes } from "../parts/bytes.ts";

export interface TaggedHeaders {
  readonly bytes: Uint8Array;
  readonly pages: number;
  readonly serial: number;
}

/**
 * `preamble`: whole header pages. Comments of these names are replaced; empty ones are left out. `isLater`: for a file that
 * begins in the middle of the chain. null if they cannot be read.
 */
export function taggedOggPreamble(
  preamble: Uint8Array,
  fields: Readonly<Record<string, string>>,
  isLater: boolean,
): TaggedHeaders | null {
  const headers = headersOf(pagesOf(preamble));
  const packets = headers?.packetsTagged(fields, isLater) ?? null;
  if (headers === null || packets === null) return null;
  const { serial } = headers;
  const made: Uint8Array[] = [];
  for (const packet of packets) {
    const flags = made.length === 0 ? OGG_BOS : 0;
    made.push(...oggPagesOf(packet, { flags, granule: 0, serial, sequence: made.length }));
  }
  return { bytes: concatBytes(made), pages: made.length, serial };
}

function headersOf([first, ...others]: readonly OggPage[]): OggHeaders | null {
  const [packet] = first === undefined ? [] : [...piecesOf(first)];
  const codec = packet === undefined ? null : identifyOggCodec(packet.bytes);
  if (first === undefined || codec === null) return null;
  const headers = new OggHeaders(codec, first);
  for (const page of others) headers.read(page);
  return headers;
}

/** Up to the first one that is broken. */
function pagesOf(bytes: Uint8Array): OggPage[] {
  const pages: OggPage[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = oggPageLength(bytes, at) ?? 0;
    const page = length > 0 ? parseOggPage(bytes.subarray(at, at + length)) : null;
    if (page === null) break;
    pages.push(page);
    at += length;
  }
  return pages;
}
