// Tokens by which a listener goes on where its connection broke. A token has the place where the connection began, and is
// signed: nothing is stored for it, and nobody can make one that leads to another's listening.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** The beginning of a connection. */
export interface Beginning {
  /** The listener's. */
  readonly number: number;
  /** In the ring, of the first byte from there. */
  readonly position: number;
  /** Bytes that the client got before that: headers, or a first frame of its own. */
  readonly leadBytes: number;
  /** Bytes of the ring that those stand for. */
  readonly replacedBytes: number;
}

const VERSION = 1;
const RUN_BYTES = 8;
const WIDE = 6;
const BODY_BYTES = 1 + RUN_BYTES + WIDE + WIDE + 4 + 4;
const SIGNATURE_BYTES = 16;

export class ResumeTokens {
  /** Positions mean nothing in another ring, or after a restart. */
  readonly #run = randomBytes(RUN_BYTES);
  readonly #key = randomBytes(32);

  write({ number, position, leadBytes, replacedBytes }: Beginning): string {
    const body = Buffer.alloc(BODY_BYTES);
    body.writeUInt8(VERSION, 0);
    this.#run.copy(body, 1);
    let at = 1 + RUN_BYTES;
    at = body.writeUIntBE(number, at, WIDE);
    at = body.writeUIntBE(position, at, WIDE);
    at = body.writeUInt32BE(leadBytes, at);
    body.writeUInt32BE(replacedBytes, at);
    return Buffer.concat([body, this.#signature(body)]).toString("base64url");
  }

  /** null for anything that this ring's tokens are not. */
  read(token: string): Beginning | null {
    const bytes = Buffer.from(token, "base64url");
    if (bytes.length !== BODY_BYTES + SIGNATURE_BYTES) return null;
    const body = bytes.subarray(0, BODY_BYTES);
    if (!timingSafeEqual(this.#signature(body), bytes.subarray(BODY_BYTES))) return null;
    const at = 1 + RUN_BYTES;
    return {
      number: body.readUIntBE(at, WIDE),
      position: body.readUIntBE(at + WIDE, WIDE),
      leadBytes: body.readUInt32BE(at + 2 * WIDE),
      replacedBytes: body.readUInt32BE(at + 2 * WIDE + 4),
    };
  }

  #signature(body: Buffer): Buffer {
    return createHmac("sha256", this.#key).update(body).digest().subarray(0, SIGNATURE_BYTES);
  }
}
