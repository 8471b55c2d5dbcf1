// Which part of a FLAC, WAV, AIFF or Ogg file is there, by what it says of its length, without decoding it.
import { oggPageLength } from "../format/ogg/ogg-page.ts";
import { isText } from "../format/parts/bytes.ts";
import type { Extent, RangeReader } from "../format/tags/extent.ts";

/** The largest frame and page, and more. */
const TAIL_BYTES = 1 << 17;

const HEAD_BYTES = 64;

/** Chunks of a WAV or AIFF file before its audio. */
const MAX_CHUNKS = 64;
const CHUNK_HEAD_BYTES = 8;
const FORM_BYTES = 12;

/** A size that was not known when it was written. */
const ENDLESS = 0xffff_ff00;

/** 1 for all of it, and for what says nothing of its length; null: its end is missing, however much that is. */
export async function filePartThere(reader: RangeReader, extent: Extent): Promise<number | null> {
  const { start, end } = extent;
  const head = Buffer.from(await reader(start, Math.min(HEAD_BYTES, end - start)));
  if (isText(head, 0, "RIFF")) return audioChunk(reader, extent, "data", true);
  if (isText(head, 0, "FORM")) return audioChunk(reader, extent, "SSND", false);
  const isFlac = isText(head, 0, "fLaC");
  if (!isFlac && !isText(head, 0, "OggS")) return 1;
  const length = Math.min(TAIL_BYTES, end - start);
  const tail = Buffer.from(await reader(end - length, length));
  if (isFlac) return head.length < FLAC_HEAD_BYTES ? 1 : flacPart(head, tail);
  return endsWithPage(tail) ? 1 : null;
}

async function audioChunk(
  reader: RangeReader,
  { start, end }: Extent,
  name: string,
  isLittleEndian: boolean,
): Promise<number> {
  let at = start + FORM_BYTES;
  for (let i = 0; i < MAX_CHUNKS && at + CHUNK_HEAD_BYTES <= end; i++) {
    const chunk = Buffer.from(await reader(at, CHUNK_HEAD_BYTES));
    if (chunk.length < CHUNK_HEAD_BYTES) return 1;
    const size = isLittleEndian ? chunk.readUInt32LE(4) : chunk.readUInt32BE(4);
    at += CHUNK_HEAD_BYTES;
    if (isText(chunk, 0, name)) return size === 0 || size >= ENDLESS ? 1 : part(end - at, size);
    at += size + (size & 1);
  }
  return 1;
}

/** A last page that is whole ends with the file. */
function endsWithPage(tail: Buffer): boolean {
  const at = tail.lastIndexOf("OggS");
  const length = at < 0 ? 0 : (oggPageLength(tail, at) ?? 0);
  return at < 0 || (length > 0 && at + length <= tail.length);
}

/** The marker, and the block that describes the stream. */
const FLAC_HEAD_BYTES = 42;
const MAX_BLOCK_AT = 10;
const TOTAL_AT = 21;

function flacPart(head: Buffer, tail: Buffer): number {
  const total = ((head[TOTAL_AT] ?? 0) & 15) * 2 ** 32 + head.readUInt32BE(TOTAL_AT + 1);
  const block = head.readUInt16BE(MAX_BLOCK_AT);
  if (total === 0) return 1;
  for (
    let at = tail.lastIndexOf(0xff);
    at >= 0;
    at = at > 0 ? tail.lastIndexOf(0xff, at - 1) : -1
  ) {
    const reached = flacFrameEnd(tail, at, block);
    if (reached !== null) return part(reached, total);
  }
  return 1;
}

/** The sample behind the frame whose head is at `at`; null if there is none. */
function flacFrameEnd(bytes: Buffer, at: number, block: number): number | null {
  const [second = 0, third = 0] = bytes.subarray(at + 1, at + 3);
  if ((second & 0xfe) !== 0xf8) return null;
  const coded = codedNumber(bytes, at + 4);
  if (coded === null) return null;
  const [sizeCode, rateCode] = [third >> 4, third & 15];
  const rateBytes = rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  const crcAt = coded.end + sizeBytes + rateBytes;
  if (crcAt >= bytes.length || crc8(bytes.subarray(at, crcAt)) !== bytes[crcAt]) return null;
  const size = sizeBytes === 0 ? blockSize(sizeCode) : 1 + bytes.readUIntBE(coded.end, sizeBytes);
  const isVariable = (second & 1) === 1;
  return (isVariable ? coded.value : coded.value * block) + size;
}

function blockSize(code: number): number {
  if (code === 1) return 192;
  return code < 6 ? 576 << (code - 2) : 256 << (code - 8);
}

/** As UTF-8 codes characters, up to seven bytes. */
function codedNumber(bytes: Buffer, at: number): { value: number; end: number } | null {
  const first = bytes[at];
  if (first === undefined || first === 0xff) return null;
  const ones = Math.clz32(~(first << 24));
  if (ones === 1) return null;
  let value = first & (0x7f >> ones);
  const end = at + Math.max(1, ones);
  for (const byte of bytes.subarray(at + 1, end)) value = value * 64 + (byte & 0x3f);
  return end > bytes.length ? null : { value, end };
}

function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x80) === 0 ? 0 : 0x07)) & 0xff;
  }
  return crc;
}

/** Less than a hundredth is what encoders count differently. */
function part(there: number, all: number): number {
  const share = there / all;
  return share > 0.99 ? 1 : Math.max(0, share);
}
