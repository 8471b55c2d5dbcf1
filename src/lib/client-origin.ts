// Where a client is, and through which proxy its connection or its request came.

export interface ClientOrigin {
  /** The client's own address, as far as it is known. */
  readonly address: string;
  /** The trusted proxy in between; null without one. */
  readonly proxy: string | null;
  /** That proxy added the request's X-Forwarded- headers, so they hold. */
  readonly isForwarded: boolean;
}

/** A client that is connected to this machine itself, or through a proxy that is not trusted. */
export function directFrom(address: string): ClientOrigin {
  return { address, proxy: null, isForwarded: false };
}

/** The trusted proxy that named the client; null if the address is the connection's own. */
export function namedBy({
  address,
  proxy,
}: Pick<ClientOrigin, "address" | "proxy">): string | null {
  return proxy === address ? null : proxy;
}
