// The client of a request and the name it uses for this station, from the connection and the headers.
import { identify } from "../access/client-identity.ts";
import { isLoopback, plainAddress, urlHost } from "../lib/address.ts";
import { ServerConnection, type Peer } from "../native/server-connection.ts";
import { callerOf, exchangeAt } from "./exchange.ts";
import { LOCAL } from "./fair-places.ts";

interface Server {
  requestIP(request: Request): Peer | null;
  readonly port?: number | undefined;
}

/** Path and query as requested. Without a Host header, this is the whole URL. */
export function targetOf({ url }: Request): string {
  return url.replace(/^https?:\/\/[^/]*/, "");
}

/** "unknown" without a connection. */
export function peerAddress(request: Request, server: Server | null): string {
  return plainAddress(server?.requestIP(request)?.address);
}

/** The network that a place is counted for; LOCAL for clients on this machine. */
export function placeOwner(request: Request): string {
  const caller = callerOf(request);
  const { network, proxy } = identify(caller);
  return proxy === null && isLoopback(caller.address) ? LOCAL : network;
}

/** A name or address, with or without a port; anything else must not appear in a link. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** What a trusted proxy says in X-Forwarded-Host or -Proto: the last of several entries, since a client may have sent the
 * others. null: nothing, or it is not trusted. */
function forwarded(request: Request, what: "host" | "proto"): string | null {
  if (exchangeAt(request)?.origin.isForwarded !== true) return null;
  return request.headers.get(`x-forwarded-${what}`)?.split(",").at(-1)?.trim() || null;
}

/** What the client calls us, when that can stand in a link. */
export function hostOf(request: Request): string | undefined {
  const { headers, url } = request;
  const named =
    forwarded(request, "host") ?? headers.get("host") ?? /^https?:\/\/([^/?#]+)/.exec(url)?.[1];
  const isHost = named !== undefined && HOST.test(named) && URL.canParse(`http://${named}`);
  return isHost ? named : undefined;
}

/** The client's own connection is encrypted: to a trusted proxy if that says so, else to us. */
export function isSecure(request: Request): boolean {
  const scheme = forwarded(request, "proto")?.toLowerCase();
  return scheme === undefined ? (exchangeAt(request)?.isSecure ?? false) : scheme === "https";
}

/** The address that the client has connected to; null if the connection is unknown. */
function reachedAddress(request: Request, server: Server | null): string | null {
  const peer = server?.requestIP(request) ?? null;
  const port = server?.port;
  if (peer === null || port === undefined) return null;
  const connection = ServerConnection.find(port, peer);
  const address = connection?.reachedAddress ?? null;
  connection?.release();
  return address;
}

interface Listening {
  readonly host: string;
  readonly listenPort: number;
}

/** The station's URL as the client reaches it, for links: "http://radio.example:8001". Without a Host header, as in
 * HTTP/1.0, this is the address that the client has connected to. */
export function baseUrl(request: Request, server: Server | null, own: Listening): string {
  const port = server?.port ?? own.listenPort;
  const reached = () => `${urlHost(reachedAddress(request, server) ?? own.host)}:${port}`;
  return `${isSecure(request) ? "https" : "http"}://${hostOf(request) ?? reached()}`;
}
