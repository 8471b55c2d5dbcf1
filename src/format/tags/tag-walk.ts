// Steps over ID3v2 tags in a stream. ffmpeg leaves a tag's size at 0 where it cannot seek back: its frames follow anyway
// and say their own sizes.
import { isText } from "../parts/bytes.ts";
import { ID3_HEAD_BYTES, id3v2Length } from "./id3.ts";

/** A larger size is damage: it would mute a live source for many minutes. */
export const LONGEST_TAG_BYTES = 16 << 20;

const MAGIC = "ID3";
/** In ID3v2.2, and in 2.3 and 2.4. */
const SHORT_HEAD_BYTES = 6;
const HEAD_BYTES = 10;

const tagHead = (bytes: Uint8Array, at: number) =>
  isText(bytes, at, MAGIC.slice(0, Math.min(MAGIC.length, bytes.length - at)));

/** Whether a tag without a size and its first frame stand at the start. */
export function isUnsizedTag(head: Uint8Array): boolean {
  const walk = new TagWalk();
  if (walk.lengthAt(head, 0) !== ID3_HEAD_BYTES || isText(head, ID3_HEAD_BYTES, MAGIC))
    return false;
  return (walk.lengthAt(head, ID3_HEAD_BYTES) ?? 0) > 0;
}

export class TagWalk {
  /** Of a tag without a size whose frames may follow; 0: none. */
  #version = 0;

  /** The next bytes may be a frame of a tag without a size. */
  get isOpen(): boolean {
    return this.#version > 0;
  }

  /** Bytes from `at` on that belong to a tag, perhaps more than are there; 0: none; null: it takes more bytes to tell. */
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

/** 2.4 keeps the highest bit of each byte free; 0 where one is set. */
function sizeOf(bytes: Uint8Array, version: number): number {
  const base = version === 4 ? 128 : 256;
  return bytes.every((byte) => byte < base) ? bytes.reduce((sum, byte) => sum * base + byte, 0) : 0;
}
