// The socket of a connection of the source port, whose access-log line knows what went out through it and when it ended.
import type { Socket } from "bun";
import { plainAddress } from "../lib/address.ts";
import type { LoggedRequest, AccessRecord } from "../journal/access-log.ts";
import type { RequestHead } from "../wire/request-head.ts";
import type { Refused } from "./source-login.ts";
import type { Welcomed } from "./shoutcast-login.ts";

/** What a connection does with its socket. */
export type Wire = Pick<Socket, "end" | "pause" | "resume" | "shutdown" | "terminate" | "write"> & {
  readonly localAddress: string;
  readonly localPort: number;
  /** Bun has it but does not document it. */
  readonly fd?: number;
};

export class LoggedSocket {
  #isAnswered = false;

  constructor(
    private readonly wire: Wire,
    readonly record: AccessRecord,
  ) {}

  get localAddress(): string {
    return plainAddress(this.wire.localAddress);
  }

  get localPort(): number {
    return this.wire.localPort;
  }

  /** -1 when the runtime does not tell. */
  get descriptor(): number {
    return this.wire.fd ?? -1;
  }

  /** Bytes the kernel has taken; -1 when the connection is gone. */
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

  /** The head of an answer begins with its status, and leaves in one write. After "go on" and a SHOUTcast welcome
   * another answer may follow. */
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
    request: `${method} ${target} ${version}`,
    referer: headers.get("referer") ?? "",
    userAgent: headers.get("user-agent") ?? "",
  };
}

/** As if it had been a request: the line itself is a password. */
export function loggedByPassword(verdict: Welcomed | Refused): LoggedRequest {
  const path = verdict.kind === "welcomed" ? verdict.mount.path : "/";
  return { request: `SOURCE ${path} HTTP/1.0`, referer: "", userAgent: "" };
}

/** A word for why a socket has failed. */
export function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : error.message;
}
