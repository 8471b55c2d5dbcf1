// Ids of HLS sessions: signed, so that none has to be kept until a player comes back with it, and nobody can make one up.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const ID_BYTES = 16;
const KEY_BYTES = 32;
/** An id and its signature, each of 128 bits, in base64url. */
const HALF = 22;
const FORM = /^[\w-]{44}$/;

export class SessionIds {
  #key: Buffer = randomBytes(KEY_BYTES);

  /** Another key: ids under the former one are no longer valid. Throws RangeError for a short one. */
  use(key: Buffer): void {
    if (key.length < KEY_BYTES) throw new RangeError("the key of session ids is too short");
    this.#key = key;
  }

  get key(): Buffer {
    return this.#key;
  }

  /** A new one. */
  mint(): string {
    return this.#signed(randomBytes(ID_BYTES).toString("base64url"));
  }

  /** Always the same one for the same text. */
  derived(text: string): string {
    const digest = createHmac("sha256", this.#key).update(`of ${text}`).digest();
    return this.#signed(digest.subarray(0, ID_BYTES).toString("base64url"));
  }

  isOurs(id: string): boolean {
    if (!FORM.test(id)) return false;
    const given = Buffer.from(id.slice(HALF));
    return timingSafeEqual(given, Buffer.from(this.#signature(id.slice(0, HALF))));
  }

  #signed(id: string): string {
    return id + this.#signature(id);
  }

  #signature(id: string): string {
    const digest = createHmac("sha256", this.#key).update(`session ${id}`).digest();
    return digest.subarray(0, ID_BYTES).toString("base64url");
  }
}
