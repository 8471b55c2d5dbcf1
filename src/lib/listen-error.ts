// The reason a port cannot be opened, as one sentence that names the key to change.

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "(port in use): stop the other program or change",
  EACCES: "(permission denied): ports below 1024 need privileges; grant them or change",
  EADDRNOTAVAIL: "(address not on this machine?): check server.host and",
};

export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** Listens, or throws ListenError; `key` is the configuration key of the port. */
export function listenOn<T>(key: string, host: string, port: number, listen: () => T): T {
  try {
    return listen();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const reason = REASONS[code] ?? `(${code}): change`;
    const where = host.includes(":") ? `[${host}]` : host;
    throw new ListenError(`Cannot listen on ${where}:${port} ${reason} ${key}`, { cause: error });
  }
}
