// Facts about network addresses.

/** ::1 and 127.0.0.0/8, the latter also as IPv6 sockets show it: ::ffff:127.0.0.1. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return plain === "::1" || /^127(\.\d{1,3}){3}$/.test(plain);
}

/** How a URL names a host that listens on `hostname`; every address of the machine is localhost. */
export function urlHost(hostname: string): string {
  if (hostname === "0.0.0.0" || hostname === "::" || hostname === "") return "localhost";
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
