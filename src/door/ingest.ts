// The source port: raw TCP, because no HTTP server accepts what encoders send. One Connection a socket.
import type { Socket, SocketHandler, TCPSocketListener } from "bun";
import type { Admission } from "../access/admission.ts";
import { plainAddress } from "../lib/address.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mount } from "../mount/mount.ts";
import type { AccessLog } from "../journal/access-log.ts";
import type { Counted } from "../wire/answers.ts";
import { Connection } from "./connection.ts";
import type { Router } from "./handler.ts";
import type { Port } from "./port.ts";
import { Turn } from "./turn.ts";
import { LoggedSocket } from "./logged-socket.ts";

/** Connections that are neither source nor stream: a login may take three within milliseconds. */
const MAX_WAITING = 256;

/** A crowd that arrives at once is served within that time: who waits longer makes room for others. */
const CROWD_MS = 1000;

/** However short they have waited. */
const MAX_CROWD = 8192;

/** Between two sweeps; the second while clients wait for their turn, sources are held back or connections are
 * running out. */
const SWEEP_MS = 1000;
const BUSY_SWEEP_MS = 250;

/** Bun's types do not say that it takes a descriptor in place of an address. */
const connectTo = Bun.connect as unknown as (options: {
  readonly fd: number;
  readonly allowHalfOpen: boolean;
  readonly socket: SocketHandler<Connection>;
}) => Promise<unknown>;

export type Counts = Partial<Record<Counted, number>>;

export class Ingest implements Port {
  router: Router | null = null;
  /** Where another port of the station passes on what is for this one (see adopt). */
  sharedPort: number | null = null;
  /** Connections are hardly to be had any more; asked in every sweep. */
  isCramped: () => boolean = () => false;
  readonly counts: Counts = {};
  readonly turn: Turn;
  readonly #connections = new Set<Connection>();
  /** Those of them that wait for their turn, the longest first. */
  readonly #waiting = new Set<Connection>();
  /** Those of them that may be silent for too long. */
  readonly #watched = new Set<Connection>();
  readonly #listeners: TCPSocketListener<Connection>[] = [];
  readonly #handler: SocketHandler<Connection> = {
    open: (socket) => this.#open(socket),
    data: (socket, bytes) => socket.data?.onData(bytes),
    drain: (socket) => socket.data?.onDrain(),
    end: (socket) => socket.data?.onEnd(),
    close: (socket, error) => this.#closed(socket, error),
    error: (socket, error) => this.#failed(socket, error),
  };

  constructor(
    readonly mounts: ReadonlyMap<string, Mount>,
    readonly firstMount: Mount,
    readonly clock: Clock,
    readonly log: Log,
    private readonly access: AccessLog,
    readonly admission: Admission,
  ) {
    this.turn = new Turn(clock);
  }

  /** Listens on this port too; they are all alike. Throws the system's error when it cannot be had. */
  listen(hostname: string, port: number): void {
    const listener = Bun.listen<Connection>({
      hostname,
      port,
      // A client that has sent its file and closed its half still gets its answer.
      allowHalfOpen: true,
      socket: this.#handler,
    });
    this.#listeners.push(listener);
  }

  /** Takes over a connection that came to another port, of which `opening` has been read there. The descriptor is
   * ours from here on. */
  adopt(descriptor: number, opening: Uint8Array, onClosed: () => void): void {
    const adopted = connectTo({
      fd: descriptor,
      allowHalfOpen: true,
      socket: {
        ...this.#handler,
        open: (socket) => {
          this.#open(socket);
          socket.data.onData(opening);
        },
        close: (socket, error) => {
          this.#closed(socket, error);
          onClosed();
        },
      },
    });
    adopted.catch((error: unknown) => {
      this.log.repeated(`a connection could not be taken over: ${String(error)}`);
      onClosed();
    });
  }

  /** The ports that are listened on, in the order of listen(). */
  get ports(): readonly number[] {
    return this.#listeners.map(({ port }) => port);
  }

  /** The first of them; another than asked for when that was 0. */
  get port(): number {
    return this.ports[0] ?? 0;
  }

  /** Where SHOUTcast encoders log in; null if the port after the source port was not free. */
  get shoutcastPort(): number | null {
    return this.ports[1] ?? this.sharedPort;
  }

  count(what: Counted): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  settle(connection: Connection): void {
    this.#waiting.delete(connection);
  }

  watch(connection: Connection, isWatched: boolean): void {
    if (!isWatched) this.#watched.delete(connection);
    else if (this.#connections.has(connection)) this.#watched.add(connection);
  }

  /** Ends what has been silent for too long: when no more connections are to be had, whoever has waited
   * as long as a crowd does. Returns the milliseconds until the next sweep. */
  sweep(nowMs: number): number {
    let isBusy = this.#waiting.size > 0;
    for (const connection of this.#watched) {
      connection.checkTimeout(nowMs);
      isBusy ||= connection.isHeld;
    }
    const isCramped = this.isCramped();
    for (const waiting of isCramped ? this.#waiting : []) {
      if (waiting.waitedMs(nowMs) >= CROWD_MS) this.#sendAway(waiting);
    }
    return isBusy || isCramped ? BUSY_SWEEP_MS : SWEEP_MS;
  }

  #open(socket: Socket<Connection>): void {
    this.#makeRoom();
    const record = this.access.open(plainAddress(socket.remoteAddress));
    const connection = new Connection(new LoggedSocket(socket, record), this);
    socket.data = connection;
    this.#connections.add(connection);
    this.#waiting.add(connection);
    this.#watched.add(connection);
  }

  /** Who waits longest goes: an encoder logs in at once, who holds places open does not. */
  #makeRoom(): void {
    if (this.#waiting.size < MAX_WAITING) return;
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    const isPatient = oldest.waitedMs(this.clock.nowMs()) >= CROWD_MS;
    if (!isPatient && this.#waiting.size < MAX_CROWD) return;
    this.#sendAway(oldest);
  }

  #sendAway(waiting: Connection): void {
    this.#waiting.delete(waiting);
    waiting.makeRoom();
  }

  #closed(socket: Socket<Connection>, error: Error | undefined): void {
    if (socket.data === undefined) return;
    this.#connections.delete(socket.data);
    this.#waiting.delete(socket.data);
    this.#watched.delete(socket.data);
    socket.data.onClose(error);
    socket.data.record.end();
  }

  /** Our exception costs the one connection, not the station. */
  failed(connection: Connection, error: unknown): void {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log.error(`a source connection failed: ${why}`);
    connection.close("of an error of ours");
  }

  /** Exceptions of the socket handlers arrive here. */
  #failed(socket: Socket<Connection>, error: Error): void {
    if (socket.data === undefined) this.log.error(`a source connection failed: ${error.stack}`);
    else this.failed(socket.data, error);
  }

  /** Accepts no more and ends every connection. */
  close(): void {
    for (const connection of this.#connections) connection.close("the station stops");
    for (const listener of this.#listeners.splice(0)) listener.stop(true);
  }
}
