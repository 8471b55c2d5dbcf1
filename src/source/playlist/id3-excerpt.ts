// Cuts a few frames out of an ID3v2 tag of any size, all others jumped over, as a small tag of its own.
import type { RangeReader } from "../../format/extent.ts";
import { ID3_HEAD_BYTES, id3v2Length } from "../../format/id3.ts";

/** Which frames, each taken once. */
export interface Wanted {
  readonly ids: ReadonlySet<string>;
  readonly count: number;
  /** Larger ones are passed over. */
  readonly maxBytes: number;
  /** An unsynchronised tag has to be read to be understood: no more than this. */
  readonly maxUnsynchronisedBytes: number;
}

/** Title and artist. */
const TITLES: Wanted = {
  ids: new Set(["TIT2", "TPE1", "TT2", "TP1"]),
  count: 2,
  maxBytes: 1024,
  maxUnsynchronisedBytes: 65_536,
};

/** Frames looked at. */
const MAX_FRAMES = 256;

const UNSYNCHRONISED = 0x80;
const EXTENDED = 0x40;

/** The tag a file begins with, reduced; null when there is none within the first `end` bytes. Rejects only when the
 * reader does. */
export async function id3Excerpt(
  reader: RangeReader,
  end: number,
  wanted: Wanted = TITLES,
): Promise<Uint8Array | null> {
  const head = await reader(0, ID3_HEAD_BYTES);
  const length = id3v2Length(head, 0);
  if (length === 0 || length > end) return null;
  const [, , , version = 0, , flags = 0] = head;
  const most = Math.min(length - ID3_HEAD_BYTES, wanted.maxUnsynchronisedBytes);
  const body = await bodyReader(reader, version, flags, most);
  const start = (flags & EXTENDED) === 0 ? 0 : await extendedHeaderLength(body, version);
  const span = { start, end: length - ID3_HEAD_BYTES };
  return tagOf(version, await wantedFrames(body, version, span, wanted));
}

/** Reads behind the tag's head. Up to version 2.3 sizes count the bytes as they were before a zero was put behind
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
  const read = await reader(ID3_HEAD_BYTES, most);
  const body = read.filter((byte, at) => byte !== 0 || at === 0 || read[at - 1] !== 0xff);
  return async (offset, count) => body.subarray(offset, offset + count);
}

/** Version 2.3 does not count the four bytes of the size itself. */
async function extendedHeaderLength(body: RangeReader, version: number): Promise<number> {
  const bytes = await body(0, 4);
  return version === 4 ? number(bytes, 7) : number(bytes, 8) + 4;
}

async function wantedFrames(
  body: RangeReader,
  version: number,
  { start, end }: { start: number; end: number },
  wanted: Wanted,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const headBytes = version === 2 ? 6 : 10;
  for (
    let at = start, i = 0;
    at + headBytes < end && i < MAX_FRAMES && found.size < wanted.count;
    i++
  ) {
    const frame = parseFrameHead(await body(at, headBytes), version);
    if (frame === null) break;
    const length = headBytes + frame.size;
    const isNew = wanted.ids.has(frame.id) && !found.has(frame.id);
    const isWanted = isNew && length <= wanted.maxBytes;
    if (isWanted) found.set(frame.id, await body(at, length));
    at += length;
  }
  return found;
}

/** Null where padding begins or the tag is broken. */
function parseFrameHead(bytes: Uint8Array, version: number): { id: string; size: number } | null {
  const idBytes = version === 2 ? 3 : 4;
  const id = Buffer.from(bytes.subarray(0, idBytes)).toString("latin1");
  if (bytes.length < 2 * idBytes || !/^[A-Z0-9]{3,4}$/.test(id)) return null;
  return { id, size: number(bytes.subarray(idBytes, 2 * idBytes), version === 4 ? 7 : 8) };
}

/** Version 2.4 puts seven bits in a byte. */
function number(bytes: Uint8Array, bits: number): number {
  return bytes.reduce((sum, byte) => sum * 2 ** bits + byte, 0);
}

function tagOf(version: number, frames: ReadonlyMap<string, Uint8Array>): Uint8Array | null {
  if (frames.size === 0) return null;
  const body = Buffer.concat([...frames.values()]);
  const size = [21, 14, 7, 0].map((shift) => (body.length >> shift) & 0x7f);
  return Buffer.concat([Uint8Array.from([0x49, 0x44, 0x33, version, 0, 0, ...size]), body]);
}
