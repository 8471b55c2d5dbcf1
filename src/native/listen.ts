// Kernel settings of our listening sockets that Bun offers no option for.
import { core } from "./core.ts";

/** How much unsent audio the kernel may hide from us behind each listener: without a bound it is
 * 3.9 MiB, four minutes at 128 kbit/s, before a listener that does not read is noticed. */
const UNSENT_BYTES = 65_536;

/** A crowd that arrives at once waits here; Bun's own backlog is 512. The kernel caps it at somaxconn. */
const BACKLOG = 4096;

/** What it means when no socket was tuned. */
export const UNTUNED =
  "the listening sockets cannot be tuned (is /proc there?): listeners that do not read or have vanished " +
  "are noticed minutes later";

/** Tunes what listens on `port` in this process, for every connection it will accept: after
 * `silentSeconds` without any answer it is reset, as that of a phone that has left its network. Returns
 * how many sockets were tuned; none on a port that is not one. */
export function tuneListeningSocket(port: number, silentSeconds: number): number {
  const silent = Math.ceil(silentSeconds);
  return Math.max(0, core().rc_listen_tune(port, UNSENT_BYTES, silent, BACKLOG));
}
