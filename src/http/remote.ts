// Who asks, and by which name of ours: from the connection and the Host header.
import { isLoopback, networkOf, plainAddress, urlHost } from "../lib/address.ts";
import { LOCAL } from "./fair-places.ts";

interface Server {
  requestIP(request: Request): { readonly address: string } | null;
  readonly port?: number | undefined;
}

/** Of requests that did not come through an HTTP server of Bun: those of the source port. */
const told = new WeakMap<Request, string>();

/** Says whose request this is, before it is handed to `app.handle`. */
export function tellAddress(request: Request, address: string): Request {
  told.set(request, address);
  return request;
}

/** It came through the source port. */
export function isTold(request: Request): boolean {
  return told.has(request);
}

/** Path and query as asked for; all there is of the URL when the client names no host. */
export function targetOf({ url }: Request): string {
  return url.replace(/^https?:\/\/[^/]*/, "");
}

/** "unknown" when nobody has said. */
export function addressOf(request: Request, server: Server | null): string {
  return told.get(request) ?? plainAddress(server?.requestIP(request)?.address);
}

/** Whom a place is counted for: an address, or the /64 of one of IPv6. A proxy on this machine asks for the address
 * that it added last; LOCAL is whoever asks from this machine itself. */
export function clientOf(request: Request, server: Server | null): string {
  const address = addressOf(request, server);
  if (!isLoopback(address)) return networkOf(address);
  const forwarded = request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return networkOf(forwarded || request.headers.get("x-real-ip") || "") || LOCAL;
}

/** A name or address with or without a port; anything else has no place in a link. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** What the asker calls us, when that can stand in a link. */
export function hostOf(request: Request): string | undefined {
  const named = request.headers.get("host") ?? /^https?:\/\/([^/?#]+)/.exec(request.url)?.[1];
  const isHost = named !== undefined && HOST.test(named) && URL.canParse(`http://${named}`);
  return isHost ? named : undefined;
}

/** The station as the asker reaches it, for links: "http://radio.example:8001". `host` and `port` are
 * for an asker that does not name us. */
export function baseUrl(request: Request, host: string, port: number): string {
  const scheme = request.headers.get("x-forwarded-proto") === "https" ? "https" : "http";
  return `${scheme}://${hostOf(request) ?? `${urlHost(host)}:${port}`}`;
}
