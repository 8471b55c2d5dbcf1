// Facts about network addresses.

/** The canonical spelling of an address: a socket that listens on :: shows IPv4 clients as ::ffff:192.0.2.1.
 * All other code expects this form. A closed socket has no address: "unknown". */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return "unknown";
  // Each request asks: an expression takes longer than all else here.
  return address.startsWith("::") ? address.replace(MAPPED_V4, "") : address;
}

const MAPPED_V4 = /^::ffff:(?=\d+(?:\.\d+){3}$)/i;

const MAPPED = "0:0:0:0:0:ffff";

/** The text of an address of 16 bytes, in which IPv4 has its mapped form. */
export function addressOfBytes(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(i * 2).toString(16));
  if (groups.slice(0, 6).join(":") === MAPPED) return bytes.subarray(12, 16).join(".");
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** ::1 and 127.0.0.0/8. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);
}

/** The part of an address that one client owns: all of an IPv4 address, the first half (/64) of an IPv6 address. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = [], tail = []] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}

/** The host name for URLs of a server that listens on `hostname`; for all addresses it is localhost. */
export function urlHost(hostname: string): string {
  if (hostname === "0.0.0.0" || hostname === "::" || hostname === "") return "localhost";
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

const PRIVATE = [
  /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./,
  /^(f[cd][\da-f]{2}|fe[89ab][\da-f]):/i,
];

/** An address of this machine or of a private network, not one on the Internet. */
export function isPrivate(address: string): boolean {
  return isLoopback(address) || PRIVATE.some((range) => range.test(address));
}

/** The URL of the desk if the station listens on `host`. */
export function deskUrl(host: string, listenPort: number): string {
  return `http://${urlHost(host)}:${listenPort}/admin`;
}
