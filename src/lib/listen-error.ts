// Why a port cannot be listened on, as one sentence that names the key to change.

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use: stop the other program, or choose another",
  EACCES: "needs privileges: run with them, or choose one above 1023 in",
  EADDRNOTAVAIL: "cannot be had on this address: check server.host, or choose another",
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
    const reason = REASONS[code] ?? `cannot be listened on (${code}): choose another`;
    throw new ListenError(`Port ${port} of ${host} ${reason} ${key}`, { cause: error });
  }
}
