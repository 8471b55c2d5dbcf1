// Whoever comes to the source port and is no source: listeners, browsers, scrapers. Who serves them is above this folder.
import type { AccessRecord } from "../journal/access-log.ts";
import type { RequestHead } from "../wire/request-head.ts";

/** The connection of a handler. */
export interface ClientConnection {
  /** Its line in the access log, which the connection ends. */
  readonly record: AccessRecord;
  /** The client's. */
  readonly address: string;
  /** Our own side of the connection, for URLs of a client that names no host. */
  readonly localAddress: string;
  readonly localPort: number;
  /** Of its socket; -1 when it is not known. */
  readonly descriptor: number;
  /** Bytes the kernel has taken; -1 when the connection is gone. What was not taken is the handler's to
   * keep until onDrain. */
  write(bytes: Uint8Array): number;
  /** Nothing more will be written: the client may read to the end, then the connection closes. */
  finish(): void;
  /** Ends the connection with whatever the kernel still holds. */
  drop(): void;
  /** It has become a stream: as long as it is read it stays, and counts as waiting no more. */
  settle(): void;
  /** Somebody else looks after it: checkTimeout is not called any more. */
  release(): void;
  /** Undoes release(). */
  watch(): void;
}

/** The other end of the line: told what happens on it, until it has said finish or drop. */
export interface ConnectionHandler {
  onData(bytes: Uint8Array): void;
  onDrain(): void;
  /** The client sends no more, or nothing at all any more. */
  onEnd(): void;
  onClose(): void;
  checkTimeout(nowMs: number): void;
}

/** Takes a request that is no source's. */
export interface Router {
  route(head: RequestHead, connection: ClientConnection): ConnectionHandler;
}
