// Facts about network addresses.

/** ::1 and 127.0.0.0/8, the latter also as IPv6 sockets show it: ::ffff:127.0.0.1. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "::1" || /^127(\.\d{1,3}){3}$/.test(plain);
}

/** What a proxy adds for whom it asks. */
const FORWARDED = ["x-forwarded-for", "forwarded", "x-real-ip"];

interface Named {
  has(name: string): boolean;
}

/** A proxy says that it asks for somebody else. */
export function isForwarded(headers: Named): boolean {
  return FORWARDED.some((name) => headers.has(name));
}

/** The client itself is on this machine: a proxy there may ask for anybody. */
export function isLocal(address: string, headers: Named): boolean {
  return isLoopback(address) && !isForwarded(headers);
}

/** What one client has to itself: an IPv4 address, or the first half (/64) of an IPv6 address. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, "");
  if (!plain.includes(":")) return plain;
  const [head = [], tail = []] = plain.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}

/** How a URL names a host that listens on `hostname`; every address of the machine is localhost. */
export function urlHost(hostname: string): string {
  if (hostname === "0.0.0.0" || hostname === "::" || hostname === "") return "localhost";
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

const PRIVATE = [
  /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./,
  /^(f[cd][\da-f]{2}|fe[89ab][\da-f]):/i,
];

/** Of this machine or of a network at home, in an office or in a data centre: nobody's own on the Internet. */
export function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return isLoopback(plain) || PRIVATE.some((range) => range.test(plain));
}

/** The operator's page of a station that listens on `host`. */
export function deskUrl(host: string, listenPort: number): string {
  return `http://${urlHost(host)}:${listenPort}/admin`;
}
