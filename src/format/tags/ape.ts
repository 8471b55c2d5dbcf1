// The texts of an APE tag, which stands at the end of a file or before its ID3v1 tag.
import { isText } from "../parts/bytes.ts";

const FOOTER_BYTES = 32;
const ID3V1_BYTES = 128;
const MAX_ITEMS = 64;
const MAX_VALUE_BYTES = 1024;

/** Bits of an item's flags that are 0 for text. */
const KIND_BITS = 6;

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

/** Names and texts of the tag in the last bytes of a file; none if there is no tag or it begins before them. */
export function apeItems(tail: Uint8Array): (readonly [name: string, text: string])[] {
  const end = footerAt(tail);
  if (end === null) return [];
  const start = end + FOOTER_BYTES - numberAt(tail, end + 12);
  const items: (readonly [string, string])[] = [];
  for (let at = start; at >= 0 && at + 8 < end && items.length < MAX_ITEMS;) {
    const valueBytes = numberAt(tail, at);
    const nameEnd = tail.indexOf(0, at + 8);
    const valueEnd = nameEnd + 1 + valueBytes;
    if (nameEnd < 0 || valueEnd > end) break;
    const isTextItem = ((tail[at + 4] ?? 0) & KIND_BITS) === 0 && valueBytes <= MAX_VALUE_BYTES;
    if (isTextItem)
      items.push([latin1(tail.subarray(at + 8, nameEnd)), textAt(tail, nameEnd + 1, valueEnd)]);
    at = valueEnd;
  }
  return items;
}

function footerAt(tail: Uint8Array): number | null {
  const places = [tail.length - FOOTER_BYTES, tail.length - FOOTER_BYTES - ID3V1_BYTES];
  return places.find((at) => isText(tail, at, "APETAGEX")) ?? null;
}

function textAt(tail: Uint8Array, from: number, to: number): string {
  return Buffer.from(tail.subarray(from, to)).toString("utf8");
}

function numberAt(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  return a + b * 2 ** 8 + c * 2 ** 16 + d * 2 ** 24;
}
