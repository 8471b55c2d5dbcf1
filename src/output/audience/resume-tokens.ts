// Tokens by which a listener goes on where its connection broke.
// A token has the place where the connection began, and is signed: nothing is stored for it, and nobody can make one that leads
// to another's listening. Servers of one cluster sign with a common key, and say the place as their origin's.
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Positions, SharedPlace } from "../../mount/positions.ts";
import type { RecordedBeginning } from "./recorded-place.ts";

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

/** What a token says. */
export interface ReadToken {
  readonly beginning: Beginning;
  /** The ring that the beginning is in. */
  readonly run: string;
  /** Its position for other servers. */
  readonly shared: SharedPlace;
}

/** The listener's number, and where it began. */
export interface RecordedToken extends RecordedBeginning {
  readonly number: number;
}

const OWN = 1;
const SHARED = 2;
const RECORDED = 3;
const RUN_BYTES = 8;
const WIDE = 6;
const OWN_BYTES = 1 + RUN_BYTES + WIDE + WIDE + 4 + 4;
const SHARED_BYTES = OWN_BYTES + RUN_BYTES + WIDE;
const RECORDED_BYTES = 1 + 3 * WIDE;
const SIGNATURE_BYTES = 16;

/** A listener may have begun before the ring in which it goes on now. */
const BIAS = 2 ** 46;

export class ResumeTokens {
  readonly #ownKey = randomBytes(32);

  /** `clusterKey`: null outside of a cluster. */
  constructor(
    private readonly positions: Pick<Positions, "run" | "shared">,
    private readonly clusterKey: () => Buffer | null = () => null,
  ) {}

  /** `of`: if it is that of another ring. */
  write(beginning: Beginning, of?: Pick<ReadToken, "run" | "shared">): string {
    const key = this.clusterKey();
    const { run } = this.positions;
    const { shared, ...from } = of ?? { run, shared: this.positions.shared(beginning.position) };
    const own = ownPart(beginning, from.run, key === null ? OWN : SHARED);
    const body = key === null ? own : Buffer.concat([own, sharedPart(shared)]);
    return Buffer.concat([body, signature(body, key ?? this.#ownKey)]).toString("base64url");
  }

  /** Of a listener who begins in recordings. */
  writeRecorded(number: number, { atMs, skippedBytes }: RecordedBeginning): string {
    const body = Buffer.alloc(RECORDED_BYTES);
    let at = body.writeUInt8(RECORDED, 0);
    for (const value of [number, Math.round(atMs), skippedBytes])
      at = body.writeUIntBE(value, at, WIDE);
    return Buffer.concat([body, signature(body, this.#ownKey)]).toString("base64url");
  }

  /** null for all other tokens. */
  readRecorded(token: string): RecordedToken | null {
    const bytes = Buffer.from(token, "base64url");
    const body = bytes.subarray(0, RECORDED_BYTES);
    if (bytes.length !== RECORDED_BYTES + SIGNATURE_BYTES || body[0] !== RECORDED) return null;
    const signed = bytes.subarray(RECORDED_BYTES);
    if (!timingSafeEqual(signature(body, this.#ownKey), signed)) return null;
    const [number = 0, atMs = 0, skippedBytes = 0] = [0, 1, 2].map((at) =>
      body.readUIntBE(1 + at * WIDE, WIDE),
    );
    return { number, atMs, skippedBytes };
  }

  /** null for anything that no token of this ring or of the cluster is. */
  read(token: string): ReadToken | null {
    const bytes = Buffer.from(token, "base64url");
    const length = bytes.length - SIGNATURE_BYTES;
    if (length !== OWN_BYTES && length !== SHARED_BYTES) return null;
    const body = bytes.subarray(0, length);
    const isShared = length === SHARED_BYTES;
    const key = isShared ? this.clusterKey() : this.#ownKey;
    if (key === null || body.readUInt8(0) !== (isShared ? SHARED : OWN)) return null;
    if (!timingSafeEqual(signature(body, key), bytes.subarray(length))) return null;
    const beginning = beginningIn(body);
    const run = body.toString("hex", 1, 1 + RUN_BYTES);
    const shared = isShared ? sharedIn(body) : { run, position: beginning.position };
    return { beginning, run, shared };
  }
}

function ownPart(
  { number, position, leadBytes, replacedBytes }: Beginning,
  run: string,
  version: number,
): Buffer {
  const body = Buffer.alloc(OWN_BYTES);
  body.writeUInt8(version, 0);
  body.write(run, 1, "hex");
  let at = 1 + RUN_BYTES;
  at = body.writeUIntBE(number, at, WIDE);
  at = body.writeUIntBE(position, at, WIDE);
  at = body.writeUInt32BE(leadBytes, at);
  body.writeUInt32BE(replacedBytes, at);
  return body;
}

function sharedPart({ run, position }: SharedPlace): Buffer {
  const body = Buffer.alloc(RUN_BYTES + WIDE);
  body.write(run, 0, "hex");
  body.writeUIntBE(position + BIAS, RUN_BYTES, WIDE);
  return body;
}

function beginningIn(body: Buffer): Beginning {
  const at = 1 + RUN_BYTES;
  return {
    number: body.readUIntBE(at, WIDE),
    position: body.readUIntBE(at + WIDE, WIDE),
    leadBytes: body.readUInt32BE(at + 2 * WIDE),
    replacedBytes: body.readUInt32BE(at + 2 * WIDE + 4),
  };
}

function sharedIn(body: Buffer): SharedPlace {
  const run = body.toString("hex", OWN_BYTES, OWN_BYTES + RUN_BYTES);
  return { run, position: body.readUIntBE(OWN_BYTES + RUN_BYTES, WIDE) - BIAS };
}

/** Begun with a key, to be copied: a listener that joins costs half as much as with a new one. */
const begun = new WeakMap<Buffer, Bun.CryptoHasher>();

function signature(body: Buffer, key: Buffer): Buffer {
  const hasher = begun.get(key) ?? new Bun.CryptoHasher("sha256", key);
  begun.set(key, hasher);
  return hasher.copy().update(body).digest().subarray(0, SIGNATURE_BYTES);
}
