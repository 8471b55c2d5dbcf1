// The source port: raw TCP, because no HTTP server accepts what encoders send. One Connection a socket.
import type { Socket, TCPSocketListener } from "bun";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mount } from "../mount/mount.ts";
import type { Refusal } from "./answers.ts";
import { Connection } from "./connection.ts";

/** Connections without a source yet: a login may take three within milliseconds, a flood many more. */
const MAX_WAITING = 256;

const SWEEP_MS = 250;

export type Counts = Partial<Record<Refusal | "accepted", number>>;

export class Ingest {
  readonly counts: Counts = {};
  readonly #connections = new Set<Connection>();
  #listener: TCPSocketListener<Connection> | undefined;
  #sweep: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly mounts: ReadonlyMap<string, Mount>,
    /** Whose password a login to an unknown mount is held against. */
    readonly firstMount: Mount,
    readonly clock: Clock,
    readonly log: Log,
  ) {}

  /** Throws the system's error when the port cannot be had. */
  listen(hostname: string, port: number): void {
    this.#listener = Bun.listen<Connection>({
      hostname,
      port,
      // A client that has sent its file and closed its half still gets its answer.
      allowHalfOpen: true,
      socket: {
        open: (socket) => this.#open(socket),
        data: (socket, bytes) => socket.data?.onData(bytes),
        end: (socket) => socket.data?.onEnd(),
        close: (socket) => this.#closed(socket),
        error: (socket, error) => this.log.debug(`${socket.remoteAddress}: ${error.message}`),
      },
    });
    this.#sweep = setInterval(() => this.sweep(this.clock.nowMs()), SWEEP_MS);
  }

  /** The port that is listened on; another than asked for when that was 0. */
  get port(): number {
    return this.#listener?.port ?? 0;
  }

  count(what: keyof Counts): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Ends what has been silent for too long. */
  sweep(nowMs: number): void {
    for (const connection of this.#connections) connection.checkTimeout(nowMs);
  }

  #open(socket: Socket<Connection>): void {
    const connection = new Connection(socket, this);
    socket.data = connection;
    if (this.#waiting() >= MAX_WAITING) {
      connection.refuse("too_many_connections", "Too many connections are logging in; try again");
    }
    this.#connections.add(connection);
  }

  #waiting(): number {
    let waiting = 0;
    for (const connection of this.#connections) if (!connection.isSource) waiting++;
    return waiting;
  }

  #closed(socket: Socket<Connection>): void {
    if (socket.data === undefined) return;
    socket.data.onClose();
    this.#connections.delete(socket.data);
  }

  /** Accepts no more and ends every source. */
  close(): void {
    clearInterval(this.#sweep);
    this.#listener?.stop(true);
    for (const connection of this.#connections) connection.onClose();
    this.#connections.clear();
  }
}
