// Opens the ports for sources, and the one that speaks nothing but TLS.
import type { Config } from "../config/config.ts";
import { listenOn } from "../lib/listen-error.ts";
import type { Ingest } from "./ingest.ts";
import { listenForShoutcast } from "./shoutcast-port.ts";

/** Returns them. Throws ListenError if one cannot be opened. */
export function openPorts(
  ingest: Ingest,
  { server, tls }: Pick<Config, "server" | "tls">,
): readonly number[] {
  const { host, sourcePort } = server;
  listenOn("server.source_port", host, sourcePort, () => ingest.listen(host, sourcePort));
  listenForShoutcast(ingest, server);
  if (tls.listenPort === 0) return ingest.ports;
  const open = () => ingest.listenSecurely(host, tls.listenPort);
  listenOn("tls.listen_port", host, tls.listenPort, open);
  return [...ingest.ports, tls.listenPort];
}
