// A listener's identity for one day: a keyed hash of its address and player, whose key is made anew each day and then deleted.
import type { Database } from "bun:sqlite";
import { createHmac, randomBytes } from "node:crypto";
import { networkOf } from "../lib/address.ts";
import { dayOf } from "./times.ts";

const KEY_BYTES = 32;
/** As many bits as SQLite keeps in six bytes. */
const HASH_BITS = 47;

export class Identity {
  #dayMs = Number.NaN;
  #key: Uint8Array = new Uint8Array(0);

  constructor(private readonly database: () => Database) {}

  /** The same number for the same listener on the same day. */
  of(address: string, userAgent: string, atMs: number): number {
    const day = dayOf(atMs);
    // A clock that is set back stays with the newer key.
    if (!(day <= this.#dayMs)) this.#turn(day);
    const place = address.includes(":") ? networkOf(address) : address;
    const hash = createHmac("sha256", this.#key).update(`${place}\n${userAgent}`).digest();
    return hash.readUIntBE(0, 6) % 2 ** HASH_BITS;
  }

  /** Reads the key again: what was written may be undone. */
  forget(): void {
    this.#dayMs = Number.NaN;
  }

  /** Keeps the key over a restart on the same day, and none of another day. */
  #turn(dayMs: number): void {
    const database = this.database();
    const query = "SELECT secret FROM daily_key WHERE day_ms = ?";
    const known = database.query<{ secret: Uint8Array }, [number]>(query).get(dayMs);
    this.#key = known?.secret ?? randomBytes(KEY_BYTES);
    database.run("DELETE FROM daily_key WHERE day_ms <> ?", [dayMs]);
    database.run("INSERT OR REPLACE INTO daily_key VALUES (?, ?)", [dayMs, this.#key]);
    this.#dayMs = dayMs;
  }
}
