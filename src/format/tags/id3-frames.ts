// Finds frames in an ID3v2 tag of any size and reads only those that are wanted.
import type { RangeReader } from "./extent.ts";
import { ID3_HEAD_BYTES, id3v2Length } from "./id3.ts";

/** Frames checked per tag. */
const MAX_FRAMES = 256;

/** Limit of a tag without a size. */
const UNSIZED_BYTES = 16 << 20;

const UNSYNCHRONISED = 0x80;
const EXTENDED = 0x40;

/** A frame whose contents have not been read yet. */
export interface Id3Frame {
  readonly id: string;
  /** Size of its contents in the file, in bytes. */
  readonly size: number;
  /** The first `most` bytes of its contents, decoded; null if they are compressed or encrypted. */
  read(most: number): Promise<Uint8Array | null>;
}

export interface Wanted {
  readonly ids: ReadonlySet<string>;
  /** An unsynchronised tag has to be read as a whole: at most this much of it. */
  readonly maxUnsynchronisedBytes: number;
}

/** The frames with these ids in the tag at the file's start, in order; none without a tag that ends within the first
 * `end` bytes. Rejects only if the reader does. */
export async function id3Frames(
  reader: RangeReader,
  end: number,
  wanted: Wanted,
): Promise<Id3Frame[]> {
  const head = await reader(0, ID3_HEAD_BYTES);
  const length = id3v2Length(head, 0);
  const isUnsized = length === ID3_HEAD_BYTES;
  if (length === 0 || (length > end && !isUnsized)) return [];
  const [, , , version = 0, , flags = 0] = head;
  // ffmpeg leaves the size at 0 if it cannot seek back; frames follow all the same.
  const bodyBytes = (isUnsized ? UNSIZED_BYTES : length) - ID3_HEAD_BYTES;
  const most = Math.min(bodyBytes, wanted.maxUnsynchronisedBytes);
  const body = await bodyReader(reader, version, flags, most);
  const start = (flags & EXTENDED) === 0 ? 0 : await extendedHeaderLength(body, version);
  return framesIn({ body, version, end: bodyBytes }, start, wanted.ids);
}

/** Reads after the tag's header. Up to version 2.3, sizes are those before unsynchronisation, which adds a zero after
 * each 0xFF. */
async function bodyReader(
  reader: RangeReader,
  version: number,
  flags: number,
  most: number,
): Promise<RangeReader> {
  if ((flags & UNSYNCHRONISED) === 0 || version > 3) {
    return (offset, count) => reader(ID3_HEAD_BYTES + offset, count);
  }
  const body = synchronised(await reader(ID3_HEAD_BYTES, most));
  return async (offset, count) => body.subarray(offset, offset + count);
}

function synchronised(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => byte !== 0 || at === 0 || bytes[at - 1] !== 0xff);
}

/** In version 2.3 the size does not include its own four bytes. */
async function extendedHeaderLength(body: RangeReader, version: number): Promise<number> {
  const bytes = await body(0, 4);
  return version === 4 ? number(bytes, 7) : number(bytes, 8) + 4;
}

/** The part of a tag after its header. */
interface Body {
  readonly body: RangeReader;
  readonly version: number;
  readonly end: number;
}

interface Head {
  readonly id: string;
  readonly sizeBytes: Uint8Array;
  readonly flags: number;
}

async function framesIn(tag: Body, start: number, ids: ReadonlySet<string>): Promise<Id3Frame[]> {
  const found: Id3Frame[] = [];
  const headBytes = tag.version === 2 ? 6 : 10;
  for (let at = start, i = 0; at + headBytes < tag.end && i < MAX_FRAMES; i++) {
    const head = parseHead(await tag.body(at, headBytes), tag.version);
    if (head === null) break;
    const from = at + headBytes;
    const size = await sizeOf(head, from, tag);
    if (ids.has(head.id)) found.push(frameOf(head, { from, size }, tag));
    at = from + size;
  }
  return found;
}

/** null at the start of padding, or if the tag is broken. */
function parseHead(bytes: Uint8Array, version: number): Head | null {
  const idBytes = version === 2 ? 3 : 4;
  const id = Buffer.from(bytes.subarray(0, idBytes)).toString("latin1");
  if (bytes.length < 2 * idBytes || !/^[A-Z0-9]{3,4}$/.test(id)) return null;
  return { id, sizeBytes: bytes.subarray(idBytes, 2 * idBytes), flags: bytes[9] ?? 0 };
}

/** Version 2.4 has seven bits per byte, but iTunes used eight for years: the larger size counts if it alone leads to
 * another frame, to padding or to the end. */
async function sizeOf({ sizeBytes }: Head, from: number, tag: Body): Promise<number> {
  const plain = number(sizeBytes, 8);
  const small = number(sizeBytes, 7);
  if (tag.version !== 4 || plain === small) return plain;
  if (sizeBytes.some((byte) => byte > 0x7f)) return plain;
  const isPlain = !(await endsAt(from + small, tag)) && (await endsAt(from + plain, tag));
  return isPlain ? plain : small;
}

async function endsAt(at: number, { body, version, end }: Body): Promise<boolean> {
  if (at >= end) return at === end;
  const next = await body(at, Math.min(10, end - at));
  return next.every((byte) => byte === 0) || parseHead(next, version) !== null;
}

/** Bits in the second byte of a frame's flags. */
const FLAGS = {
  3: { unreadable: 0xc0, grouped: 0x20, unsynchronised: 0, counted: 0 },
  4: { unreadable: 0x0c, grouped: 0x40, unsynchronised: 0x02, counted: 0x01 },
} as const;

function frameOf(
  { id, flags }: Head,
  { from, size }: { from: number; size: number },
  { body, version }: Body,
): Id3Frame {
  const bits = FLAGS[version === 3 ? 3 : 4];
  const marks = version === 2 ? 0 : flags;
  const prefix = ((marks & bits.grouped) === 0 ? 0 : 1) + ((marks & bits.counted) === 0 ? 0 : 4);
  const read = async (most: number): Promise<Uint8Array | null> => {
    if ((marks & bits.unreadable) !== 0) return null;
    const contents = (await body(from, Math.min(size, most + prefix))).subarray(prefix);
    return (marks & bits.unsynchronised) === 0 ? contents : synchronised(contents);
  };
  return { id, size, read };
}

function number(bytes: Uint8Array, bits: number): number {
  return bytes.reduce((sum, byte) => sum * 2 ** bits + byte, 0);
}
