// One attempt to reach a receiver: the request, and where it may go.
import { lookup } from "node:dns/promises";
import { AddressRanges, bytesOfAddress } from "../lib/address-ranges.ts";
import { urlHost } from "../lib/address.ts";
import { SERVER } from "../lib/version.ts";

export interface HookRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** Absent for GET. */
  readonly body?: string;
}

export interface HookAnswer {
  readonly status: number;
  readonly headers: Headers;
}

/** Rejects if there is no answer. Redirects are not followed: a message for one receiver is not for another. */
export type Send = (request: HookRequest, signal: AbortSignal) => Promise<HookAnswer>;

/** The name of a receiver leads to an address that messages must not go to. */
export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";
}

/** Addresses that are not on the Internet, or lead back into a private network. */
const NOT_PUBLIC = new AddressRanges([
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"],
  ...["::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2002::/16"],
  ...["fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"],
]);

/** What is no address that can be checked, such as one with a zone, is not public. */
export function isPublic(address: string): boolean {
  const bytes = bytesOfAddress(address);
  return bytes !== null && !NOT_PUBLIC.hasBytes(bytes);
}

/** The addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveAll: Resolve = async (host) => {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
};

/** To any address, private ones too. */
export const sendAnywhere: Send = (request, signal) => ask(request, request.url, {}, signal);

/** Only to addresses on the Internet. The connection goes to the very address that was checked, so that a name cannot
 * lead elsewhere in between. */
export function publicSend(resolve: Resolve = resolveAll, isAllowed = isPublic): Send {
  return async (request, signal) => {
    const url = new URL(request.url);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const addresses = await orAborted(resolve(host), signal);
    const [address] = addresses;
    if (address === undefined || !addresses.every(isAllowed)) throw new PrivateAddress(host);
    const named = { headers: { host: url.host }, tls: { serverName: host } };
    url.hostname = urlHost(address);
    return ask(request, url.href, named, signal);
  };
}

interface Named {
  readonly headers?: { readonly host: string };
  readonly tls?: { readonly serverName: string };
}

async function ask(
  { method, headers, body }: HookRequest,
  url: string,
  { headers: host, tls }: Named,
  signal: AbortSignal,
): Promise<HookAnswer> {
  const answer = await fetch(url, {
    method,
    redirect: "manual",
    headers: { "user-agent": SERVER, ...headers, ...host },
    signal,
    ...(body !== undefined && { body }),
    ...(tls !== undefined && { tls }),
  });
  // The head is all that counts: an answer may have no end.
  await answer.body?.cancel();
  return { status: answer.status, headers: answer.headers };
}

/** A name server that does not answer must not hold up the rest. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
