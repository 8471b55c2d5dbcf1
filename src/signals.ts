// SIGINT and SIGTERM: the first asks for a clean end, a later one for an end at once. SIGHUP: reload.
import { isatty } from "node:tty";
import type { Clock } from "./lib/clock.ts";

/** `bun run` forwards the Ctrl-C that the terminal has sent to this process already: signals so close are one request.
 * A person who loses patience takes longer. */
export const SAME_REQUEST_MS = 1000;

export interface Stop {
  /** Called once. */
  readonly cleanly: (signal: NodeJS.Signals) => void;
  readonly atOnce: () => void;
}

/** Handles one signal after the other. */
export function stopper({ cleanly, atOnce }: Stop, clock: Clock): (signal: NodeJS.Signals) => void {
  let askedMs: number | null = null;
  return (signal) => {
    if (askedMs === null) {
      askedMs = clock.nowMs();
      cleanly(signal);
    } else if (clock.nowMs() - askedMs >= SAME_REQUEST_MS) {
      atOnce();
    }
  };
}

const STDIN = 0;

export interface HangUp {
  readonly stop: () => void;
  readonly reload: () => void;
}

/** Handles SIGHUP. An operator sends it to reload; the kernel sends it when the terminal closes, and then stdin is a
 * terminal no more. */
export function onHangUp({ stop, reload }: HangUp, isTerminal = () => isatty(STDIN)): () => void {
  const hadTerminal = isTerminal();
  return () => (hadTerminal && !isTerminal() ? stop() : reload());
}
