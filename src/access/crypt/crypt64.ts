// The base 64 of crypt(3): another alphabet than MIME's, least significant bits first.

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The bytes at each place as one number, the first the most significant, in `digits` digits. */
export function crypt64(digest: Uint8Array, places: readonly number[], digits: number): string {
  let value = places.reduce((sum, place) => (sum << 8) | (digest[place] ?? 0), 0);
  let text = "";
  for (; text.length < digits; value >>>= 6) text += ALPHABET[value & 63];
  return text;
}

/** `text` again and again, up to `length` bytes. */
export function repeated(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length] ?? 0);
}

/** Lets everything else have its turn. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
