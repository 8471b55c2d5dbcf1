// The address of a push: another server, its mount, and the source account there.

export interface PushTarget {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  readonly user: string;
  readonly password: string;
  /** As it goes into a request. */
  readonly path: string;
  /** Without user and password. */
  readonly shown: string;
}

/** Port by scheme, where the address names none. */
const PORTS: Readonly<Record<string, number>> = {
  "icecast:": 8000,
  "icecast+tls:": 8000,
  "http:": 80,
  "https:": 443,
};

const SECURE = /^(?:icecast\+tls|https):$/;

/** The source's user name at every server that knows no accounts. */
const DEFAULT_USER = "source";

/** null if it is no such address, or lacks a password or a mount. */
export function readPushUrl(text: string): PushTarget | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, pathname, username, password } = new URL(text);
  const usual = PORTS[protocol];
  const [user, secret] = [decoded(username), decoded(password)];
  if (usual === undefined || hostname === "" || user === null || !secret) return null;
  if (!/^\/[\x21-\x7e]+$/.test(pathname)) return null;
  const number = port === "" ? usual : Number(port);
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: number,
    isSecure: SECURE.test(protocol),
    user: user || DEFAULT_USER,
    password: secret,
    path: pathname,
    shown: `${protocol}//${hostname}:${number}${pathname}`,
  };
}

/** null for what is not UTF-8 in %XX, or could end a line of a request. */
function decoded(part: string): string | null {
  try {
    const text = decodeURIComponent(part);
    return /\p{Cc}/u.test(text) ? null : text;
  } catch {
    return null;
  }
}
