// Ids for listeners where their addresses must not be shown, the same on all mounts.
import { createHmac, randomBytes } from "node:crypto";
import { UNSET_SECRET_KEY } from "../../config/schema.ts";
import type { Secret } from "../../lib/secret.ts";
import type { Listener } from "./listener.ts";

export class OpaqueIds {
  readonly #key: string | Buffer;
  readonly #known = new WeakMap<Listener, string>();

  constructor(secretKey: Secret) {
    // A public key protects nothing, so each start generates its own.
    this.#key = secretKey.equals(UNSET_SECRET_KEY) ? randomBytes(32) : secretKey.reveal();
  }

  /** Stable while the listener is connected. */
  of(listener: Listener): string {
    const known = this.#known.get(listener);
    if (known !== undefined) return known;
    const id = createHmac("sha256", this.#key).update(String(listener.number));
    const text = id.digest("hex").slice(0, 12);
    this.#known.set(listener, text);
    return text;
  }
}
