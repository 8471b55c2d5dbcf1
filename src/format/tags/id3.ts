// Recognises the header of an ID3v2 tag and computes the tag's length; does not look at its contents.
import { isText } from "../parts/bytes.ts";

/** Length of a tag's header, and of its footer, which has the same layout. */
export const ID3_HEAD_BYTES = 10;

const FOOTER_FLAG = 0x10;

/** Length in bytes of the whole tag whose header is at `at`, footer included; 0 if there is none. */
export function id3v2Length(bytes: Uint8Array, at: number): number {
  if (!isText(bytes, at, "ID3") || !isPlausibleHead(bytes, at)) return 0;
  const hasFooter = ((bytes[at + 5] ?? 0) & FOOTER_FLAG) !== 0;
  return ID3_HEAD_BYTES + syncsafe(bytes, at + 6) + (hasFooter ? ID3_HEAD_BYTES : 0);
}

/** Length of the whole tag whose "3DI" footer is at `at`; 0 if there is none. */
export function id3v2LengthFromFooter(bytes: Uint8Array, at: number): number {
  if (!isText(bytes, at, "3DI") || !isPlausibleHead(bytes, at)) return 0;
  return ID3_HEAD_BYTES + syncsafe(bytes, at + 6) + ID3_HEAD_BYTES;
}

// Strict, because a false tag in garbage would swallow megabytes of audio: the known version, revision 0, defined flags
// and size bytes below 128 leave one false positive in 2^46 positions.
function isPlausibleHead(bytes: Uint8Array, at: number): boolean {
  if (at + ID3_HEAD_BYTES > bytes.length) return false;
  const major = bytes[at + 3] ?? 0;
  if (major < 2 || major > 4 || bytes[at + 4] !== 0 || ((bytes[at + 5] ?? 0) & 0x0f) !== 0) {
    return false;
  }
  for (let i = at + 6; i < at + ID3_HEAD_BYTES; i++) {
    if ((bytes[i] ?? 0) > 0x7f) return false;
  }
  return true;
}

function syncsafe(bytes: Uint8Array, at: number): number {
  let size = 0;
  for (let i = at; i < at + 4; i++) size = size * 128 + (bytes[i] ?? 0);
  return size;
}
