// SHA-crypt, as `htpasswd -5` and crypt(3) write it ($5$, $6$), by the specification of Ulrich Drepper.
import { createHash } from "node:crypto";
import { crypt64, nextTurn, repeated } from "./crypt64.ts";

const HASH = /^\$([56])\$(?:rounds=(\d{1,9})\$)?([^$]{0,16})\$([./0-9A-Za-z]+)$/;

const DEFAULT_ROUNDS = 5000;
const MIN_ROUNDS = 1000;

/** What a login may cost: about half a second. The format allows 999,999,999. */
export const MAX_ROUNDS = 200_000;

/** Rounds in a row: about 1 ms. */
const ROUNDS_AT_A_TIME = 250;

interface Kind {
  readonly name: "sha256" | "sha512";
  readonly digits: number;
  readonly places: readonly (readonly number[])[];
  /** The places and digits of what is left of the digest. */
  readonly rest: readonly [places: readonly number[], digits: number];
}

/** Triples that begin one step apart, rotated by one from row to row. */
function triples(count: number, step: number, turn: 1 | 2): number[][] {
  const rows: number[][] = [];
  let row = [0, step, 2 * step];
  for (let i = 0; i < count; i++) {
    rows.push(row);
    const next = row.map((place) => place + 1);
    row = [...next.slice(turn), ...next.slice(0, turn)];
  }
  return rows;
}

const KINDS: Readonly<Record<string, Kind>> = {
  5: { name: "sha256", digits: 43, places: triples(10, 10, 2), rest: [[31, 30], 3] },
  6: { name: "sha512", digits: 86, places: triples(21, 21, 1), rest: [[63], 2] },
};

/** Its cost is bearable as well. */
export function isShaCrypt(hash: string): boolean {
  const [, kind = "", rounds = "0", , text = ""] = HASH.exec(hash) ?? [];
  return text.length === KINDS[kind]?.digits && Number(rounds) <= MAX_ROUNDS;
}

/** The hash of this password with the same salt and rounds; "" if `hash` is none, or too dear. */
export async function shaCrypt(password: string, hash: string): Promise<string> {
  const [, kind = "", rounds, salt = ""] = HASH.exec(hash) ?? [];
  const algorithm = KINDS[kind];
  if (algorithm === undefined || !isShaCrypt(hash)) return "";
  const work = new Work(algorithm.name, Buffer.from(password), Buffer.from(salt));
  const digest = await work.digest(Math.max(MIN_ROUNDS, Number(rounds ?? DEFAULT_ROUNDS)));
  const text = algorithm.places.map((places) => crypt64(digest, places, 4)).join("");
  const settings = rounds === undefined ? "" : `rounds=${rounds}$`;
  return `$${kind}$${settings}${salt}$${text}${crypt64(digest, ...algorithm.rest)}`;
}

class Work {
  constructor(
    private readonly name: Kind["name"],
    private readonly secret: Buffer,
    private readonly salt: Buffer,
  ) {}

  async digest(rounds: number): Promise<Uint8Array> {
    const { secret, salt } = this;
    let digest = this.#first();
    const secrets = repeated(this.#hash(...Array(secret.length).fill(secret)), secret.length);
    const salts = repeated(this.#hash(...Array(16 + (digest[0] ?? 0)).fill(salt)), salt.length);
    for (let round = 0; round < rounds; round++) {
      if (round % ROUNDS_AT_A_TIME === 0) await nextTurn();
      const isOdd = round % 2 === 1;
      const parts = [isOdd ? secrets : digest];
      if (round % 3 !== 0) parts.push(salts);
      if (round % 7 !== 0) parts.push(secrets);
      digest = this.#hash(...parts, isOdd ? digest : secrets);
    }
    return digest;
  }

  #first(): Uint8Array {
    const { secret, salt } = this;
    const other = this.#hash(secret, salt, secret);
    const bits: Uint8Array[] = [];
    for (let left = secret.length; left > 0; left >>= 1)
      bits.push((left & 1) === 1 ? other : secret);
    return this.#hash(secret, salt, repeated(other, secret.length), ...bits);
  }

  #hash(...parts: readonly Uint8Array[]): Uint8Array {
    const hash = createHash(this.name);
    for (const part of parts) hash.update(part);
    return hash.digest();
  }
}
