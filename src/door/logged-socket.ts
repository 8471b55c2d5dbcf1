// The socket of a source-port connection; it keeps the access-log record up to date.
import type { Socket } from "bun";
import { interned } from "../lib/interned.ts";
import { plainAddress } from "../lib/address.ts";
import type { LoggedRequest, AccessRecord } from "../journal/access-log.ts";
import type { RequestHead } from "../wire/request-head.ts";
import type { Refused } from "./refused.ts";
import type { Welcomed } from "./shoutcast-login.ts";

/** The parts of Bun's socket that a connection uses. */
export type Wire = Pick<
  Socket,
  "end" | "pause" | "resume" | "shutdown" | "terminate" | "upgradeTLS" | "write"
> & {
  readonly localAddress: string;
  readonly localPort: number;
  /** Undocumented in Bun. */
  readonly fd?: number;
};

export class LoggedSocket {
  #isAnswered = false;
  #isSecure = false;

  constructor(
    private wire: Wire,
    readonly record: AccessRecord,
    /** Only TLS is accepted on its port. */
    readonly mustEncrypt = false,
  ) {}

  get localAddress(): string {
    return plainAddress(this.wire.localAddress);
  }

  get localPort(): number {
    return this.wire.localPort;
  }

  /** Encrypted: only the wire itself may write to its descriptor. */
  get isSecure(): boolean {
    return this.#isSecure;
  }

  /** -1 if it is encrypted, or the runtime does not expose it. */
  get descriptor(): number {
    return this.#isSecure ? -1 : (this.wire.fd ?? -1);
  }

  /** Goes on with the encrypted form of its wire, which `start` returns. */
  encrypt(start: (plain: Wire) => Wire): void {
    this.#isSecure = true;
    this.wire = start(this.wire);
  }

  /** Returns the bytes the kernel accepted; -1 if the connection is gone. */
  write(bytes: string | Uint8Array): number {
    if (!this.#isAnswered) this.#read(bytes);
    const taken = this.wire.write(bytes);
    if (taken > 0) this.record.sentBytes += taken;
    return taken;
  }

  pause(): void {
    this.wire.pause();
  }

  resume(): void {
    this.wire.resume();
  }

  shutdown(): void {
    this.wire.shutdown();
    this.record.end();
  }

  terminate(): void {
    this.wire.terminate();
    this.record.end();
  }

  end(): void {
    this.wire.end();
    this.record.end();
  }

  /** Reads the status from the first bytes: heads are written at once. After 100 Continue and a SHOUTcast welcome another
   * answer may follow. */
  #read(bytes: string | Uint8Array): void {
    const text = typeof bytes === "string" ? bytes : Buffer.from(bytes.subarray(0, 16)).toString();
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? shoutcastStatus(text));
    this.#isAnswered = status >= 300 || text.startsWith("HTTP/1.0");
    this.record.status = status < 200 ? 200 : status;
  }
}

function shoutcastStatus(text: string): number {
  if (text.startsWith("OK")) return 200;
  return text.startsWith("invalid password") ? 401 : 403;
}

export function loggedByHead({ method, target, version, headers }: RequestHead): LoggedRequest {
  return {
    request: interned(`${method} ${target} ${version}`),
    referer: interned(headers.get("referer") ?? ""),
    userAgent: interned(headers.get("user-agent") ?? ""),
  };
}

/** Logged as a SOURCE request: the line itself is a password. */
export function loggedByPassword(verdict: Welcomed | Refused): LoggedRequest {
  const path = verdict.kind === "welcomed" ? verdict.mount.path : "/";
  return { request: `SOURCE ${path} HTTP/1.0`, referer: "", userAgent: "" };
}

/** The system's code for a socket error. */
export function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : error.message;
}
