// Pure: a request head of the source port as the Request that the HTTP app takes.
import { urlHost } from "../lib/address.ts";
import type { RequestHead } from "../wire/request-head.ts";

/** Says how the body was framed, which is undone by now. What tells of a proxy is passed on, so that both ports judge
 * by the same headers. */
const OWN = /^(?:keep-alive|upgrade|expect|te|trailer|transfer-encoding|content-length)$/;

/** What can be a header's name. */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Path and query of a target, whichever form it has: "/x?y", "http://host/x?y", "x". */
export function pathOf(target: string): string {
  const path = target.replace(/^[a-z][a-z+.-]*:\/\/[^/?#]*/i, "").split("#", 1)[0] ?? "";
  return path.startsWith("/") ? path : `/${path}`;
}

/** Where the client reached us, for one that does not say. */
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

/** The URL's host is always ours: the router looks for the path behind the twelfth character. The header
 * says what the client calls us. Throws TypeError when the target makes no URL. */
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
