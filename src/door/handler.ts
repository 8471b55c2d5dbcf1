// What the source port does for clients that are not sources: listeners, browsers, scrapers.
import type { AccessRecord } from "../journal/access-log.ts";
import type { ClientOrigin } from "../lib/client-origin.ts";
import type { RequestHead } from "../wire/request-head.ts";

/** The connection, as its handler uses it. */
export interface ClientConnection {
  /** Its record in the access log, which the connection ends. */
  readonly record: AccessRecord;
  /** The client's address. */
  readonly address: string;
  readonly origin: ClientOrigin;
  /** It uses TLS. */
  readonly isSecure: boolean;
  /** Our end of the connection, for URLs given to a client that sends no Host. */
  readonly localAddress: string;
  readonly localPort: number;
  /** The socket's descriptor; -1 if unknown. */
  readonly descriptor: number;
  /** Returns the bytes the kernel accepted; -1 if the connection is gone. The handler keeps the rest until onDrain. */
  write(bytes: Uint8Array): number;
  /** Call after the last write: closes the connection once the client has read everything. */
  finish(): void;
  /** Closes the connection and drops what the kernel has not sent. */
  drop(): void;
  /** It is a stream now, and no longer counts as waiting. */
  settle(): void;
  /** Stops the calls of checkTimeout: another part drops the client if it stalls. */
  release(): void;
  /** Undoes release(). */
  watch(): void;
}

/** Handles a connection once its request is known. Gets no call after finish or drop. */
export interface ConnectionHandler {
  onData(bytes: Uint8Array): void;
  onDrain(): void;
  /** The client has closed its half of the connection, and may be gone. */
  onEnd(): void;
  onClose(): void;
  checkTimeout(nowMs: number): void;
}

/** Chooses the handler of a request that is not a source's. */
export interface Router {
  /** `gone`: a signal that aborts when the client leaves before the handler is known, which then is null. */
  route(
    head: RequestHead,
    connection: ClientConnection,
    gone: () => AbortSignal,
  ): ConnectionHandler | Promise<ConnectionHandler | null> | null;
}
