// The port after the source port, where SHOUTcast's encoders log in: they are told the port of the listeners.
import type { ServerConfig } from "../config/config.ts";
import type { Ingest } from "./ingest.ts";

/** Ports that are tried when any will do. */
const TRIES = 16;

/** Listens there too. Returns the port, or null when it is not to be had, which is told: the source port
 * takes the same logins. */
export function listenForShoutcast(
  ingest: Ingest,
  { host, sourcePort, listenPort }: ServerConfig,
): number | null {
  const first = ingest.port + 1;
  // That port passes their logins on.
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
    return false; // Whatever the reason, the station can do without.
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
