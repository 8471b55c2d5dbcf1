// Ports for programs that must be told theirs before they start.

function take(port: number) {
  try {
    return Bun.listen({ hostname: "127.0.0.1", port, socket: { data: () => undefined } });
  } catch {
    return null; // Somebody has it.
  }
}

/** A port that nobody has. */
export function freePort(): number {
  for (;;) {
    const listener = take(0);
    listener?.stop(true);
    if (listener !== null) return listener.port;
  }
}

/** The first of two ports in a row that nobody has. */
export function freePair(): number {
  for (;;) {
    const first = take(0);
    const second = take((first?.port ?? 0) + 1);
    first?.stop(true);
    second?.stop(true);
    if (first !== null && second !== null) return first.port;
  }
}

/** Below those that systems give to connections, so that nobody takes it before a program that starts later. */
const APART = { from: 12_000, to: 32_000 };

/** A port that nobody has, and that no connection gets. */
export function portApart(): number {
  for (;;) {
    const port = APART.from + Math.floor(Math.random() * (APART.to - APART.from));
    const listener = take(port);
    listener?.stop(true);
    if (listener !== null) return port;
  }
}
