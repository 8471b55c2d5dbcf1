// Skips ID3v2 tags in a stream. ffmpeg leaves a tag's size at 0 if it cannot seek back; the tag's frames follow all the
// same, and have sizes of their own.
import { isText } from "../parts/bytes.ts";
import { ID3_HEAD_BYTES, id3v2Length } from "./id3.ts";

/** Larger sizes are damage, and would mute a live source for many minutes. */
export const LONGEST_TAG_BYTES = 16 << 20;

const MAGIC = "ID3";
/** Frame headers of ID3v2.2, and of 2.3 and 2.4. */
const SHORT_HEAD_BYTES = 6;
const HEAD_BYTES = 10;

const tagHead = (bytes: Uint8Array, at: number) =>
  isText(bytes, at, MAGIC.slice(0, Math.min(MAGIC.length, bytes.length - at)));

/** Whether the bytes begin with a tag without a size and its first frame. */
export function isUnsizedTag(head: Uint8Array): boolean {
  const walk = new TagWalk();
  if (walk.lengthAt(head, 0) !== ID3_HEAD_BYTES || isText(head, ID3_HEAD_BYTES, MAGIC))
    return false;
  return (walk.lengthAt(head, ID3_HEAD_BYTES) ?? 0) > 0;
}

export class TagWalk {
  /** Version of a tag without a size whose frames may follow; 0 if there is none. */
  #version = 0;

  /** The next bytes may be a frame of a tag without a size. */
  get isOpen(): boolean {
    return this.#version > 0;
  }

  /** Number of bytes from `at` on that belong to a tag, possibly beyond the given ones; null if more are needed. */
  lengthAt(bytes: Uint8Array, at: number): number | null {
    const frame = this.isOpen ? this.#frameAt(bytes, at) : 0;
    if (frame !== 0) return frame;
    this.#version = 0;
    if (!tagHead(bytes, at)) return 0;
    if (at + ID3_HEAD_BYTES > bytes.length) return null;
    const length = id3v2Length(bytes, at);
    if (length > LONGEST_TAG_BYTES) return 0;
    if (length === ID3_HEAD_BYTES) this.#version = bytes[at + 3] ?? 0;
    return length;
  }

  #frameAt(bytes: Uint8Array, at: number): number | null {
    if (isText(bytes, at, MAGIC)) return 0;
    const isShort = this.#version === 2;
    const headBytes = isShort ? SHORT_HEAD_BYTES : HEAD_BYTES;
    const idBytes = isShort ? 3 : 4;
    for (let i = at; i < Math.min(at + idBytes, bytes.length); i++) {
      if (!isNameByte(bytes[i] ?? 0)) return 0;
    }
    if (at + headBytes > bytes.length) return null;
    const size = sizeOf(
      bytes.subarray(at + idBytes, at + idBytes + (isShort ? 3 : 4)),
      this.#version,
    );
    return size > 0 && size <= LONGEST_TAG_BYTES ? headBytes + size : 0;
  }
}

function isNameByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39);
}

/** In version 2.4 the highest bit of each byte is 0; if one is set, the size is invalid, and the result is 0. */
function sizeOf(bytes: Uint8Array, version: number): number {
  const base = version === 4 ? 128 : 256;
  return bytes.every((byte) => byte < base) ? bytes.reduce((sum, byte) => sum * base + byte, 0) : 0;
}
