// Pure: the address of a stream on another server: where to connect, what to ask for, and how it may be shown.
import type { Destination } from "../../dial/dial.ts";
import type { Credentials } from "../../wire/basic.ts";

export interface MasterUrl extends Destination {
  /** Path and query, as they are sent. */
  readonly target: string;
  /** The Host header. */
  readonly authority: string;
  readonly credentials: Credentials | null;
  /** Without what may be a secret: credentials and query. */
  readonly shown: string;
  /** Without credentials; relative addresses start from it. */
  readonly href: string;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A % that begins no code.
  }
}

function credentialsIn({ username, password }: URL): Credentials | null {
  if (username === "" && password === "") return null;
  return { user: decoded(username), password: decoded(password) };
}

/** `own` is used if the address names nobody. null if it is no http or https address. */
export function masterUrl(text: string, own: Credentials | null = null): MasterUrl | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") return null;
  const credentials = credentialsIn(url) ?? own;
  const isSecure = url.protocol === "https:";
  url.username = url.password = url.hash = "";
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port) || (isSecure ? 443 : 80),
    isSecure,
    target: url.pathname + url.search,
    authority: url.host,
    credentials,
    shown: url.origin + url.pathname,
    href: url.href,
  };
}

/** Where a master sends its client on. Credentials go along to the same host only, and never from TLS to plain. null if
 * that is no http or https address. */
export function redirected(from: MasterUrl, location: string): MasterUrl | null {
  if (!URL.canParse(location, from.href)) return null;
  const { href, hostname, protocol } = new URL(location, from.href);
  const isSameHost = hostname.replace(/^\[|\]$/g, "") === from.host;
  const isDowngrade = from.isSecure && protocol !== "https:";
  return masterUrl(href, isSameHost && !isDowngrade ? from.credentials : null);
}
