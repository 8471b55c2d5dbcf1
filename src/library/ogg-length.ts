// The length of an Ogg file from its first and last page, without reading what is between.
import type { StreamFormat } from "../format/frame.ts";
import {
  OGG_HEAD_BYTES,
  OGG_PAGE_MAX_BYTES,
  oggPageLength,
  parseOggPage,
} from "../format/ogg/ogg-page.ts";
import type { Extent, RangeReader } from "../format/tags/extent.ts";

/** Enough of the first page for an Opus header. */
const HEAD_BYTES = 64;
const SERIAL_AT = 14;
const PRE_SKIP_AT = 10;

/** Samples per channel; 0 if it is no Ogg, has several chains, or its end is damaged. */
export async function oggSamples(
  reader: RangeReader,
  { start, end }: Extent,
  format: StreamFormat,
): Promise<number> {
  const head = Buffer.from(await reader(start, Math.min(HEAD_BYTES, end - start)));
  if (head.length < HEAD_BYTES || (oggPageLength(head, 0) ?? 1) === 0) return 0;
  const length = Math.min(OGG_PAGE_MAX_BYTES, end - start);
  const last = lastPage(Buffer.from(await reader(end - length, length)));
  if (last === null || last.serial !== head.readUInt32LE(SERIAL_AT)) return 0;
  const packetAt = OGG_HEAD_BYTES + (head[OGG_HEAD_BYTES - 1] ?? 0);
  const isOpus = format.codec === "opus" && packetAt + PRE_SKIP_AT + 2 <= head.length;
  return Math.max(0, last.granule - (isOpus ? head.readUInt16LE(packetAt + PRE_SKIP_AT) : 0));
}

/** The last whole page that ends a packet. */
function lastPage(bytes: Buffer): { readonly granule: number; readonly serial: number } | null {
  for (
    let at = bytes.lastIndexOf("OggS");
    at >= 0;
    at = at > 0 ? bytes.lastIndexOf("OggS", at - 1) : -1
  ) {
    const length = oggPageLength(bytes, at) ?? 0;
    const page = length > 0 ? parseOggPage(bytes.subarray(at, at + length)) : null;
    if (page !== null && page.granule > 0) return page;
  }
  return null;
}
