// The picture among the comments of an Ogg stream (METADATA_BLOCK_PICTURE), without reading beyond them.
import type { RangeReader } from "../../format/extent.ts";

const PAGE_HEAD_BYTES = 27;
const READ_BYTES = 65_536;
const NAME = "METADATA_BLOCK_PICTURE=";

/** Base64 is a third longer; the rest is for the other comments. */
const OTHER_COMMENTS_BYTES = 65_536;

/** At most `maxBytes` long; null when there is none. Rejects only when the reader does. */
export async function oggPicture(
  reader: RangeReader,
  start: number,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const most = Math.ceil((maxBytes * 4) / 3) + OTHER_COMMENTS_BYTES;
  return blockPicture(commentOf(await headPackets(reader, start, most)));
}

/** The first two packets in one; comments are the second in every codec. Most fit the first read. */
async function headPackets(reader: RangeReader, start: number, most: number): Promise<Buffer> {
  const head = packetsOf(await reader(start, READ_BYTES));
  if (head === null || head.ended >= 2) return Buffer.concat(head?.bodies ?? []);
  return Buffer.concat(packetsOf(await reader(start, most))?.bodies ?? []);
}

/** Page by page up to the end of the second packet, or of what was read. null: it is no Ogg. */
function packetsOf(read: Uint8Array): { bodies: Uint8Array[]; ended: number } | null {
  const bodies: Uint8Array[] = [];
  let ended = 0;
  for (let at = 0; ended < 2;) {
    const page = pageAt(read, at);
    if (page === null) break;
    bodies.push(page.body);
    ended += page.ended;
    at += page.length;
  }
  return bodies.length === 0 ? null : { bodies, ended };
}

interface Page {
  readonly length: number;
  readonly body: Uint8Array;
  /** Packets that end in it. */
  readonly ended: number;
}

function pageAt(bytes: Uint8Array, at: number): Page | null {
  const isPage = Buffer.from(bytes.subarray(at, at + 4)).toString("latin1") === "OggS";
  const count = bytes[at + 26];
  if (!isPage || count === undefined) return null;
  const from = at + PAGE_HEAD_BYTES + count;
  const lacing = bytes.subarray(at + PAGE_HEAD_BYTES, from);
  const bodyLength = lacing.reduce((sum, part) => sum + part, 0);
  const body = bytes.subarray(from, from + bodyLength);
  if (body.length < bodyLength) return null;
  const ended = lacing.filter((part) => part < 255).length;
  return { length: from - at + bodyLength, body, ended };
}

/** Base64 of the picture block. A comment's length stands before its name. */
function commentOf(packets: Buffer): string | null {
  const upper = packets.indexOf(NAME);
  const at = upper >= 0 ? upper : packets.indexOf(NAME.toLowerCase());
  if (at < 4) return null;
  const end = at + packets.readUInt32LE(at - 4);
  return end > packets.length ? null : packets.toString("latin1", at + NAME.length, end);
}

/** The block of FLAC: type, media type, description, four numbers, then the picture. */
function blockPicture(base64: string | null): Uint8Array | null {
  const block = Buffer.from(base64 ?? "", "base64");
  const afterMedia = skip(block, 4);
  const afterText = skip(block, afterMedia);
  const from = afterText + 20;
  if (from > block.length) return null;
  return block.subarray(from, from + block.readUInt32BE(from - 4));
}

/** Where a text ends that begins with its length. */
function skip(block: Buffer, at: number): number {
  return at + 4 > block.length ? block.length : at + 4 + block.readUInt32BE(at);
}
