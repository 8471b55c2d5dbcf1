// MD5-crypt, as `htpasswd -m` ($apr1$) and crypt(3) ($1$) write it: Poul-Henning Kamp's, FreeBSD 2.0.
import { createHash } from "node:crypto";
import { crypt64, nextTurn, repeated } from "./crypt64.ts";

const HASH = /^\$(1|apr1)\$([^$]{0,8})\$([./0-9A-Za-z]{22})$/;

const ROUNDS = 1000;

/** Rounds in a row: about 1 ms. */
const ROUNDS_AT_A_TIME = 250;

const PLACES = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const;

function md5(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function isMd5Crypt(hash: string): boolean {
  return HASH.test(hash);
}

/** The hash of this password with the same salt; "" if `hash` is none. */
export async function md5Crypt(password: string, hash: string): Promise<string> {
  const [, kind = "", salt = ""] = HASH.exec(hash) ?? [];
  if (kind === "") return "";
  const magic = `$${kind}$`;
  const secret = Buffer.from(password);
  const digest = await stretched(secret, salt, first(secret, magic, salt));
  const text = PLACES.map((places) => crypt64(digest, places, 4)).join("");
  return `${magic}${salt}$${text}${crypt64(digest, [11], 2)}`;
}

function first(secret: Buffer, magic: string, salt: string): Uint8Array {
  const other = repeated(md5(secret, salt, secret), secret.length);
  const bits: Uint8Array[] = [];
  // The algorithm's own oddity: a zero for each 1 of the length in binary, else the first letter.
  for (let left = secret.length; left > 0; left >>= 1)
    bits.push((left & 1) === 1 ? Uint8Array.of(0) : secret.subarray(0, 1));
  return md5(secret, magic, salt, other, ...bits);
}

async function stretched(secret: Buffer, salt: string, start: Uint8Array): Promise<Uint8Array> {
  let digest = start;
  for (let round = 0; round < ROUNDS; round++) {
    if (round % ROUNDS_AT_A_TIME === 0) await nextTurn();
    const isOdd = round % 2 === 1;
    digest = md5(
      isOdd ? secret : digest,
      round % 3 === 0 ? "" : salt,
      round % 7 === 0 ? "" : secret,
      isOdd ? digest : secret,
    );
  }
  return digest;
}
