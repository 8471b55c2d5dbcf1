// The source port, as its connections use it.
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Counted } from "../wire/answers.ts";
import type { ClientConnection, Router } from "./handler.ts";
import type { Wire } from "./logged-socket.ts";
import type { SourceMounts } from "./source-login.ts";
import type { TrustedProxies } from "../access/trusted-proxies.ts";
import type { Turn } from "../lib/turn.ts";

export interface Port extends SourceMounts {
  readonly clock: Clock;
  readonly log: Log;
  /** For requests that are not a source's; null: they are refused. */
  readonly router: Router | null;
  readonly proxies: TrustedProxies;
  count(what: Counted): void;
  /** The share of the event loop that all sources have together. */
  readonly turn: Turn;
  /** The connection is a source or a stream now, and no longer waiting. */
  settle(connection: ClientConnection): void;
  /** Starts or stops the calls of the connection's checkTimeout. */
  watch(connection: ClientConnection, isWatched: boolean): void;
  /** The share of the event loop that TLS handshakes have together: a signature by a long RSA key takes milliseconds. */
  readonly tlsTurn: Turn;
  /** There is a certificate. */
  readonly hasTls: boolean;
  /** Starts TLS with the client's first bytes. Returns the encrypted socket, whose data goes to the connection. */
  startTls(plain: Wire, connection: ClientConnection, hello: Uint8Array): Wire;
  /** Reports an exception in our own code, and closes the connection. */
  failed(connection: ClientConnection, error: unknown): void;
}
