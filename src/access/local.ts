// Whether a request comes from this machine itself or through a proxy.
import { isLoopback } from "../lib/address.ts";

/** Names in lower case. */
export interface RequestHeaders {
  get(name: string): string | null | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** Headers that proxies and CDNs add to forwarded requests. */
const PROXY =
  /^(?:via|forwarded|cdn-loop|proxy-.+|(?:true-|fastly-|fly-|cf-|akamai-|incap-|ali-|surrogate-).+|client-ip)$/;

/** Any other X- header indicates a proxy too, except those that players, browsers and old encoders send. */
const OTHER_X = /^x-(?!requested-with$|playback-session-id$|audiocast-)/;

/** A proxy forwarded this request. */
export function isForwarded(headers: RequestHeaders): boolean {
  return Iterator.from(headers.keys()).some((name) => PROXY.test(name) || OTHER_X.test(name));
}

/** localhost, 127.0.0.0/8 and [::1], with or without a port. */
const LOOPBACK_HOST = /^(?:(?:[\w-]+\.)*localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** A page that rebinds its own name to 127.0.0.1 still sends that name. Old encoders send no Host; browsers and
 * proxies always do. */
function namesThisMachine(headers: RequestHeaders): boolean {
  const host = headers.get("host") ?? "";
  return host === "" || LOOPBACK_HOST.test(host);
}

interface PossiblyLocal {
  readonly address: string;
  readonly proxy?: string | null;
  readonly headers: RequestHeaders;
}

/** The client is on this machine, uses a loopback name, and no proxy is in between: what a proxy calls loopback is its own
 * machine. */
export function isLocal({ address, proxy = null, headers }: PossiblyLocal): boolean {
  if (proxy !== null || !isLoopback(address)) return false;
  return namesThisMachine(headers) && !isForwarded(headers);
}

/** nginx without any proxy_set_header looks like a local program, except that it uses HTTP/1.0 and closes the
 * connection after each request. */
export function mayBeBareProxy(headers: RequestHeaders): boolean {
  return /\bclose\b/i.test(headers.get("connection") ?? "");
}
