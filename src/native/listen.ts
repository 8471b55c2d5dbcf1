// Kernel settings of our listening sockets that Bun has no option for.
import type { Log } from "../lib/log.ts";
import { core } from "./core.ts";

/** Limit on unsent audio in each listener's kernel buffer: by default it is 3.9 MiB, four minutes at 128
 * kbit/s, before a listener that stopped reading is noticed. */
const UNSENT_BYTES = 65_536;

/** Room for many clients that connect at the same moment; Bun's own backlog is 512. The kernel caps it at
 * somaxconn. */
const BACKLOG = 4096;

/** A peer may leave unanswered what was sent for at least this long. */
const MIN_SILENT_SECONDS = 60;

/** The consequence if no socket could be tuned. */
const UNTUNED =
  "the listening sockets cannot be tuned (is /proc mounted?): listeners that stopped reading or vanished " +
  "are noticed minutes later";

/** Tunes a station's ports; the first failure is logged. */
export class PortTuning {
  readonly #ports = new Set<number>();
  #hasFailed = false;

  constructor(
    private readonly log: Log,
    /** Seconds after which each mount drops a listener that does not read. */
    private readonly listenerTimeouts: () => readonly number[],
  ) {}

  tune(port: number): void {
    this.#ports.add(port);
    if (tuneListeningSocket(port, this.#silentSeconds) > 0 || this.#hasFailed) return;
    this.#hasFailed = true;
    this.log.warn(UNTUNED);
  }

  /** Applies changed timeouts. */
  again(): void {
    for (const port of this.#ports) this.tune(port);
  }

  /** The kernel also counts a peer that answers but does not read, and must not be faster than the mount. */
  get #silentSeconds(): number {
    return Math.max(MIN_SILENT_SECONDS, ...this.listenerTimeouts().map((seconds) => 2 * seconds));
  }
}

/** Tunes the listening sockets on `port` in this process, for all connections they will accept: a peer that has
 * not answered for `silentSeconds`, such as a phone that left its network, is reset. Returns how many sockets
 * were tuned; none on a port that is not ours. */
export function tuneListeningSocket(port: number, silentSeconds: number): number {
  const silent = Math.ceil(silentSeconds);
  return Math.max(0, core().rc_listen_tune(port, UNSENT_BYTES, silent, BACKLOG));
}
