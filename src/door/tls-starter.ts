// Starts TLS on a connected socket, in place. Each handshake takes the certificate in use at its time.
import type { SocketHandler } from "bun";
import type { Certificate } from "../tls/certificate.ts";
import type { Wire } from "./logged-socket.ts";

/** Bun has a server side too, which its types omit. */
interface ServerUpgrade<Data> {
  readonly tls: { readonly cert: string; readonly key: string };
  readonly isServer: true;
  /** The client's first bytes, which were read as plain ones. */
  readonly initialData: Uint8Array;
  readonly socket: SocketHandler<Data>;
  readonly data: Data;
}

/** Returns the encrypted socket, whose events go to `handler`, possibly before this returns: a broken handshake ends at
 * once. */
export function startTls<Data>(
  plain: Wire,
  { cert, key }: Certificate,
  initialData: Uint8Array,
  socket: SocketHandler<Data>,
  data: Data,
): Wire {
  // Its own handler still gets the encrypted bytes; without data it ignores them.
  Reflect.set(plain, "data", undefined);
  const upgrade: ServerUpgrade<Data> = {
    tls: { cert, key },
    isServer: true,
    initialData,
    socket,
    data,
  };
  return plain.upgradeTLS(upgrade)[1];
}

/** Alerts by which a client refuses our certificate. */
const DISTRUST = /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)/;

/** Why a handshake failed, for the log. `message`: BoringSSL's, such as "error:…:SSL routines:…:UNSUPPORTED_PROTOCOL". */
export function handshakeFailure(message: string): string {
  if (DISTRUST.test(message)) return "it does not trust the certificate";
  const reason = /([A-Z\d_]+)$/.exec(message)?.[1];
  return reason === undefined ? "it was broken off" : reason.toLowerCase().replaceAll("_", " ");
}
