// Verifies a password against a hash of any kind that htpasswd files hold.
import { createHash, timingSafeEqual } from "node:crypto";
import { isAffordable } from "../../config/account-keys.ts";
import { isMd5Crypt, md5Crypt } from "./md5-crypt.ts";
import { isShaCrypt, shaCrypt } from "./sha-crypt.ts";

/** Icecast 2's: the bare MD5 of the password. */
const BARE_MD5 = /^[0-9a-f]{32}$/i;

/** `htpasswd -s`. */
const SHA1 = /^\{SHA\}[A-Za-z0-9+/]{27}=$/;

type Hashed = (password: string, hash: string) => string | Promise<string>;

const KINDS: readonly (readonly [fits: (hash: string) => boolean, hashed: Hashed])[] = [
  [isMd5Crypt, md5Crypt],
  [isShaCrypt, shaCrypt],
  [(hash) => BARE_MD5.test(hash), (password) => digest("md5", "hex", password)],
  [(hash) => SHA1.test(hash), (password) => `{SHA}${digest("sha1", "base64", password)}`],
];

function digest(kind: "md5" | "sha1", encoding: "hex" | "base64", password: string): string {
  return createHash(kind).update(password).digest(encoding);
}

/** Logins with it can be checked. */
export function isKnownHash(hash: string): boolean {
  return isAffordable(hash) || KINDS.some(([fits]) => fits(hash));
}

/** False for a hash of an unknown kind. bcrypt and Argon2 are verified by the runtime, in threads of its own; rejects if it
 * finds the hash broken. */
export async function verifyHash(password: string, hash: string): Promise<boolean> {
  if (isAffordable(hash)) return Bun.password.verify(password, hash);
  const kind = KINDS.find(([fits]) => fits(hash));
  if (kind === undefined) return false;
  const isBare = BARE_MD5.test(hash);
  return same(await kind[1](password, hash), isBare ? hash.toLowerCase() : hash);
}

/** In a time that does not depend on where they differ. */
function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
