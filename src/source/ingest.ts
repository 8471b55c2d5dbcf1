// The source port: raw TCP, because no HTTP server accepts what encoders send. One Connection a socket.
import type { Socket, TCPSocketListener } from "bun";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mount } from "../mount/mount.ts";
import type { Refusal } from "./answers.ts";
import { Connection, type Port } from "./connection.ts";

/** Connections without a source: a login may take three within milliseconds, a flood many more. */
const MAX_WAITING = 256;

const SWEEP_MS = 250;

export type Counts = Partial<Record<Refusal | "accepted", number>>;

export class Ingest implements Port {
  readonly counts: Counts = {};
  readonly #connections = new Set<Connection>();
  #listener: TCPSocketListener<Connection> | undefined;
  #sweep: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly mounts: ReadonlyMap<string, Mount>,
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
        end: (socket) => socket.data?.close("it closed the connection"),
        close: (socket, error) => this.#closed(socket, error),
        error: (socket, error) => this.#failed(socket, error),
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
    this.#makeRoom();
    const connection = new Connection(socket, this);
    socket.data = connection;
    this.#connections.add(connection);
  }

  /** Who waits longest goes: an encoder logs in at once, who holds places open does not. */
  #makeRoom(): void {
    const waiting = [...this.#connections].filter((connection) => !connection.isSource);
    if (waiting.length >= MAX_WAITING) waiting[0]?.makeRoom();
  }

  #closed(socket: Socket<Connection>, error: Error | undefined): void {
    if (socket.data === undefined) return;
    this.#connections.delete(socket.data);
    socket.data.onClose(error);
  }

  /** What a handler of ours threw arrives here: one connection pays for it, not the station. */
  #failed(socket: Socket<Connection>, error: Error): void {
    this.log.error(`a source connection failed: ${error.stack ?? error.message}`);
    socket.data?.close("of an error of ours");
  }

  /** Accepts no more and ends every source. */
  close(): void {
    clearInterval(this.#sweep);
    for (const connection of this.#connections) connection.close("the station stops");
    this.#listener?.stop(true);
  }
}
