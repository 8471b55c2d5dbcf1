// Pure: signed addresses of a mount, for listeners whose players cannot log in. A query of the mount's address says until when
// it counts, and whose it is; HMAC-SHA256 under a key of the mount proves that the station's owner wrote it.
import { createHmac, timingSafeEqual } from "node:crypto";

/** Names of the query. */
const EXPIRES = "exp";
const USER = "u";
const SIGNATURE = "sig";
const ADDRESS = "ip";

export const SIGNED_NAMES: readonly string[] = [EXPIRES, USER, SIGNATURE, ADDRESS];

const MAX_USER_LENGTH = 200;

export interface Signed {
  /** Path of the mount. */
  readonly path: string;
  /** Seconds since 1970 at which it stops to count. */
  readonly expires: number;
  /** Whose it is; "" for nobody's. */
  readonly user: string;
  /** The only address that may use it; "" for any. */
  readonly address: string;
}

export type SignatureFault = "unsigned" | "wrong" | "expired" | "elsewhere";

function signature(key: string, { path, expires, user, address }: Signed): Buffer {
  const parts = [path, String(expires), user, ...(address === "" ? [] : [address])];
  return createHmac("sha256", key).update(parts.join("\n")).digest();
}

/** The query, without "?". The user has no line break. */
export function signedQuery(key: string, signed: Signed): string {
  const query = new URLSearchParams({ [EXPIRES]: String(signed.expires) });
  if (signed.user !== "") query.set(USER, signed.user);
  if (signed.address !== "") query.set(ADDRESS, "1");
  query.set(SIGNATURE, signature(key, signed).toString("base64url"));
  return query.toString();
}

/** The part of a query that signs it, to be carried on to further addresses of the same mount; "" if it is unsigned. */
export function signaturePart(query: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of SIGNED_NAMES) if (query.has(name)) kept.set(name, query.get(name) ?? "");
  return kept.has(SIGNATURE) ? kept.toString() : "";
}

/** Who may listen by this query: the user, or why nobody. Any of the keys may have signed it, so that they can be changed. */
export function signedUser(
  keys: readonly string[],
  query: URLSearchParams,
  at: { readonly path: string; readonly address: string; readonly nowSeconds: number },
): { readonly user: string } | { readonly fault: SignatureFault } {
  const given = Buffer.from(query.get(SIGNATURE) ?? "", "base64url");
  const user = query.get(USER) ?? "";
  const expires = query.get(EXPIRES) ?? "";
  if (given.length === 0) return { fault: "unsigned" };
  if (!/^\d{1,12}$/.test(expires) || user.length > MAX_USER_LENGTH || user.includes("\n"))
    return { fault: "wrong" };
  const isBound = query.has(ADDRESS);
  const signed = { path: at.path, expires: Number(expires), user };
  const isRight = (address: string) =>
    keys.some((key) => same(given, signature(key, { ...signed, address })));
  if (!isRight(isBound ? at.address : "")) return { fault: isBound ? "elsewhere" : "wrong" };
  return Number(expires) > at.nowSeconds ? { user } : { fault: "expired" };
}

function same(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
