// Pure: converts a request head of the source port to a Request for the HTTP app.
import { urlHost } from "../lib/address.ts";
import type { RequestHead } from "../wire/request-head.ts";

/** Headers about the body's framing, which is removed by now. Headers added by proxies are passed on, so both ports apply
 * the same rules. */
const OWN = /^(?:keep-alive|upgrade|expect|te|trailer|transfer-encoding|content-length)$/;

/** Valid header names. */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Path and query of a target, whichever form it has: "/x?y", "http://host/x?y", "x". */
export function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z+.-]*:\/\/[^/?#]*/i, "").split("#", 1)[0] ?? "";
  return path.startsWith("/") ? path : `/${path}`;
}

/** Our end of the connection, for clients that send no Host. */
export interface Reached {
  readonly localAddress: string;
  readonly localPort: number;
}

function hostOf({ localAddress, localPort }: Reached): string {
  return `${urlHost(localAddress)}:${localPort}`;
}

function headersOf(head: RequestHead, reached: Reached): Headers {
  const headers = new Headers({ host: hostOf(reached) });
  for (const [name, value] of head.headers) {
    const isPassedOn = NAME.test(name) && !OWN.test(name) && value !== "";
    const plain = value.replace(/[\x00-\x1f\x7f]/g, " ");
    if (isPassedOn) headers.set(name, Buffer.from(plain, "utf8").toString("latin1"));
  }
  return headers;
}

/** The URL's host is always localhost, since Elysia looks for the path from the twelfth character on; the Host header has
 * the client's name for us. Throws TypeError if the target makes no URL. */
export function appRequest(
  head: RequestHead,
  body: Uint8Array<ArrayBuffer> | null,
  reached: Reached,
  signal: AbortSignal,
): Request {
  const url = `http://localhost:${reached.localPort}${pathOf(head.target)}`;
  const headers = headersOf(head, reached);
  return new Request(url, { method: head.method, headers, body, signal });
}
