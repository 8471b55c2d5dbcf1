// The port after the source port: SHOUTcast encoders are configured with the source port and log in at the next one.
import type { ServerConfig } from "../config/config.ts";
import type { Ingest } from "./ingest.ts";

/** Ports to try if the system chose the source port. */
const TRIES = 16;

/** Listens on that port too. Returns it, or null if it is not free; this is logged, and no error: the source port accepts
 * the same logins. */
export function listenForShoutcast(
  ingest: Ingest,
  { host, sourcePort, listenPort }: ServerConfig,
): number | null {
  const first = ingest.port + 1;
  // The HTTP server hands such logins over.
  if (first === listenPort) return null;
  const last = sourcePort === 0 ? first + TRIES : first;
  for (let port = first; port <= last && port <= 0xffff; port++) {
    if (listens(ingest, host, port)) return port;
  }
  ingest.log.warn(
    `port ${first} is not free for SHOUTcast encoders: they can log in at port ${ingest.port} itself`,
  );
  return null;
}

function listens(ingest: Ingest, host: string, port: number): boolean {
  try {
    ingest.listen(host, port);
    return true;
  } catch {
    return false; // The station works without it.
  }
}

/** The port for SHOUTcast encoders if they cannot log in there: another program has it, or it is the listen port and
 * cannot pass their logins on. */
export function missingPort(
  { port, shoutcastPort }: Ingest,
  { sourcePort }: ServerConfig,
): number | null {
  return sourcePort !== 0 && shoutcastPort === null ? port + 1 : null;
}
