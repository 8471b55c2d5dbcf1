// One request and its answer, by whichever port it came: what handlers learn beside the request itself.
import type { Account } from "../access/account.ts";
import type { Caller } from "../access/client-identity.ts";
import type { AccessRecord } from "../journal/access-log.ts";
import type { ClientOrigin } from "../lib/client-origin.ts";
import type { StreamSink } from "../output/sinks/stream-sink.ts";

export class Exchange {
  /** The stream that answers the request, which says when it ends; null if none does. */
  streamed: Pick<StreamSink, "onEnd"> | null = null;
  /** Its credentials, or its session, belong to this account. */
  account: Account | null = null;

  constructor(
    /** Its line in the access log. */
    readonly record: AccessRecord,
    /** The source port writes the line of its connections itself. */
    readonly port: "listen" | "source",
    /** The client's own connection to us uses TLS. */
    readonly isSecure = false,
  ) {}

  /** The client's address, "unknown" without a connection. */
  get address(): string {
    return this.record.address;
  }

  get origin(): ClientOrigin {
    return this.record.origin;
  }

  /** Who gives its commands, for the log. */
  get user(): string {
    return this.account?.user ?? "";
  }
}

const EXCHANGE = Symbol("exchange");

/** Elysia hands the same Request object to every handler and hook. */
interface Carrier {
  [EXCHANGE]?: Exchange;
}

/** Attaches the exchange to its request, before the app gets the request. */
export function carrying(request: Request & Carrier, exchange: Exchange): Request {
  request[EXCHANGE] = exchange;
  return request;
}

/** null until the app has the request. */
export function exchangeAt(request: Request & Carrier): Exchange | null {
  return request[EXCHANGE] ?? null;
}

export function exchangeOf(request: Request): Exchange {
  const exchange = exchangeAt(request);
  if (exchange === null) throw new TypeError("the request has not passed the app's entrance");
  return exchange;
}

/** The client of a request, as admission sees it. */
export function callerOf(request: Request): Caller {
  const { address, proxy } = exchangeOf(request).origin;
  return { address, proxy, headers: request.headers };
}
