// Pure: messages between the nodes of one cluster, encrypted and authenticated with its secret. Other users of the same NATS can
// neither read nor make them.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Larger messages are neither sent nor read; NATS itself takes a megabyte. */
export const MAX_MESSAGE_BYTES = 512 * 1024;

/** Clocks of nodes may differ by so much. */
export const MAX_SKEW_MS = 60_000;

export interface Opened {
  /** When it was sealed, in milliseconds since 1970 on the sender's clock. */
  readonly atMs: number;
  /** Differs from that of every other message. */
  readonly id: string;
  readonly body: unknown;
}

export class Seal {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = createHash("sha256").update(`cycast cluster ${secret}`).digest();
  }

  /** `purpose`: it is opened for the same one only. Throws RangeError if it is too large. */
  close(purpose: string, body: unknown, nowMs: number): Uint8Array {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(purpose));
    const plain = JSON.stringify([Math.round(nowMs), body]);
    const sealed = [nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()];
    const bytes = Buffer.concat(sealed);
    if (bytes.length > MAX_MESSAGE_BYTES) throw new RangeError("the message is too large");
    return bytes;
  }

  /** null for what was not sealed with the same secret for the same purpose. */
  open(purpose: string, bytes: Uint8Array): Opened | null {
    if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.length > MAX_MESSAGE_BYTES) return null;
    try {
      return this.#open(purpose, Buffer.from(bytes));
    } catch {
      return null;
    }
  }

  #open(purpose: string, bytes: Buffer): Opened | null {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const middle = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    const plain: unknown = JSON.parse(Buffer.concat([middle, decipher.final()]).toString());
    if (!Array.isArray(plain) || typeof plain[0] !== "number") return null;
    return { atMs: plain[0], id: nonce.toString("hex"), body: plain[1] };
  }
}

/** Messages that order something count once, and for a minute only. */
export class Fresh {
  /** By id: when it was sealed. */
  readonly #seen = new Map<string, number>();

  /** Whether it may be obeyed. */
  accepts({ id, atMs }: Opened, nowMs: number): boolean {
    if (Math.abs(nowMs - atMs) > MAX_SKEW_MS || this.#seen.has(id)) return false;
    this.#forget(nowMs);
    if (this.#seen.size >= MAX_SEEN) return false;
    this.#seen.set(id, atMs);
    return true;
  }

  #forget(nowMs: number): void {
    for (const [id, atMs] of this.#seen) if (nowMs - atMs > MAX_SKEW_MS) this.#seen.delete(id);
  }
}

/** In a minute, which no operator reaches. */
const MAX_SEEN = 5000;
