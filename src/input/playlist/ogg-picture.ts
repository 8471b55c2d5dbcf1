// The picture in an Ogg stream's headers, in a comment or in FLAC's own picture block: the front cover, else the first.
// Reads the headers only.
import type { RangeReader } from "../../format/tags/extent.ts";
import { OGG_CONTINUED, type OggPage, oggPageLength, piecesOf } from "../../format/ogg/ogg-page.ts";
import { blockPicture, PICTURE_BLOCK } from "./picture-block.ts";
import { FRONT_COVER } from "./picture-type.ts";

const READ_BYTES = 65_536;
const NAME = "METADATA_BLOCK_PICTURE=";

/** Room for comments beside the picture, whose Base64 is a third longer than its data. */
const OTHER_COMMENTS_BYTES = 65_536;

/** Pictures whose type is checked, and header packets that are read. */
const MAX_PICTURES = 16;
const MAX_PACKETS = 64;

const FLAC_MARK = "\x7fFLAC";
const FLAC_LAST_BLOCK = 0x80;
const FLAC_FRAME = 0xff;
const FLAC_BLOCK_HEAD_BYTES = 4;

/** A picture of at most `maxBytes`; null without one. Rejects only if the reader does. */
export async function oggPicture(
  reader: RangeReader,
  start: number,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const most = Math.ceil((maxBytes * 4) / 3) + OTHER_COMMENTS_BYTES;
  const blocks = blocksIn(await headPackets(reader, start, most)).slice(0, MAX_PICTURES);
  const block = blocks.find(({ type }) => type === FRONT_COVER) ?? blocks[0];
  return block === undefined ? null : blockPicture(block.read());
}

/** The header packets; the last one may be incomplete. The first read usually has them all. */
async function headPackets(reader: RangeReader, start: number, most: number): Promise<Buffer[]> {
  const first = packetsOf(await reader(start, READ_BYTES));
  if (first.areAll) return first.packets;
  return packetsOf(await reader(start, most)).packets;
}

interface Packets {
  readonly packets: Buffer[];
  /** No header packet is missing, or the file is not Ogg. */
  readonly areAll: boolean;
}

function packetsOf(read: Uint8Array): Packets {
  const packets: Buffer[] = [];
  let open: Uint8Array[] = [];
  for (let at = 0; ;) {
    const page = pageAt(read, at);
    if (page === null) break;
    for (const { bytes, isEnd } of piecesOf(page)) {
      open.push(bytes);
      if (!isEnd) continue;
      packets.push(Buffer.concat(open));
      open = [];
      if (isLast(packets)) return { packets, areAll: true };
    }
    at += page.bytes.length;
  }
  const isOgg = packets.length > 0 || open.length > 0;
  if (open.length > 0) packets.push(Buffer.concat(open));
  return { packets, areAll: !isOgg };
}

function pageAt(read: Uint8Array, at: number): Pick<OggPage, "bytes" | "flags"> | null {
  const length = oggPageLength(read, at);
  if (length === null || length === 0 || at + length > read.length) return null;
  const bytes = read.subarray(at, at + length);
  return { bytes, flags: (bytes[5] ?? 0) & OGG_CONTINUED };
}

/** Comments are the second packet in every codec. FLAC marks its last block; a first byte of 0xFF belongs to a frame. */
function isLast(packets: readonly Buffer[]): boolean {
  const newest = packets.at(-1)?.[0] ?? FLAC_FRAME;
  if (packets.length === 1) return false;
  if (!isFlac(packets)) return true;
  return newest === FLAC_FRAME || (newest & FLAC_LAST_BLOCK) !== 0 || packets.length > MAX_PACKETS;
}

function isFlac([first]: readonly Buffer[]): boolean {
  return first?.toString("latin1", 0, FLAC_MARK.length) === FLAC_MARK;
}

/** A FLAC picture block. */
interface Block {
  readonly type: number;
  read(): Buffer;
}

function blocksIn(packets: readonly Buffer[]): Block[] {
  const [, ...headers] = packets;
  if (!isFlac(packets)) return headers.flatMap(commented);
  return headers.flatMap((packet) =>
    ((packet[0] ?? 0) & ~FLAC_LAST_BLOCK) === PICTURE_BLOCK ? own(packet) : commented(packet),
  );
}

function own(packet: Buffer): Block[] {
  const block = packet.subarray(FLAC_BLOCK_HEAD_BYTES);
  return block.length < 4 ? [] : [{ type: block.readUInt32BE(0), read: () => block }];
}

/** Picture blocks in comments, in Base64. A comment's length precedes its name. */
function commented(packet: Buffer): Block[] {
  const found: Block[] = [];
  for (let at = nameAt(packet, 0); at >= 4; at = nameAt(packet, at + 1)) {
    const from = at + NAME.length;
    const end = at + packet.readUInt32LE(at - 4);
    if (end > packet.length || found.length === MAX_PICTURES) break;
    const [, , , type = 0] = Buffer.from(packet.toString("latin1", from, from + 8), "base64");
    found.push({ type, read: () => Buffer.from(packet.toString("latin1", from, end), "base64") });
  }
  return found;
}

/** The name in upper or lower case; -1 if there is none. */
function nameAt(packet: Buffer, from: number): number {
  const [upper = -1, lower = -1] = [NAME, NAME.toLowerCase()].map((name) =>
    packet.indexOf(name, from),
  );
  return upper < 0 || lower < 0 ? Math.max(upper, lower) : Math.min(upper, lower);
}
