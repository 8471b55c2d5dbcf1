// The source port: raw TCP, because no HTTP server accepts what encoders send. One Connection per socket.
import type { Socket, SocketHandler, TCPSocketListener } from "bun";
import type { Admission } from "../access/admission.ts";
import { TrustedProxies } from "../access/trusted-proxies.ts";
import { plainAddress } from "../lib/address.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { stackLine } from "../lib/stack-line.ts";
import type { Mount } from "../mount/mount.ts";
import type { Certificate } from "../tls/certificate.ts";
import type { AccessLog } from "../journal/access-log.ts";
import { type Counted, refusalAnswer } from "../wire/answers.ts";
import { Connection } from "./connection.ts";
import { ConnectionCounts } from "./connection-counts.ts";
import type { Router } from "./handler.ts";
import type { Port } from "./port.ts";
import { ProxiedConnection } from "./proxied-connection.ts";
import { handshakeFailure, startTls } from "./tls-starter.ts";
import { Turn } from "../lib/turn.ts";
import { LoggedSocket, type Wire } from "./logged-socket.ts";

/** Connections that are neither a source nor a stream yet. A login may use three within milliseconds. */
const MAX_WAITING = 256;

/** A rush of clients is served within this time: a connection that waits longer makes room for others. */
const RUSH_MS = 1000;

/** Upper limit of waiting connections in a rush, however short they have waited. */
const MAX_RUSH = 8192;

/** Between two sweeps; the second while clients wait for their turn, sources are held back or connections are
 * running out. */
const SWEEP_MS = 1000;
const BUSY_SWEEP_MS = 250;

/** Bun accepts a descriptor in place of an address, which its types omit. */
const connectTo = Bun.connect as unknown as (options: {
  readonly fd: number;
  readonly allowHalfOpen: boolean;
  readonly socket: SocketHandler<Connection>;
}) => Promise<unknown>;

export type Counts = Partial<Record<Counted, number>>;

export class Ingest implements Port {
  router: Router | null = null;
  proxies = new TrustedProxies();
  /** A port of the HTTP server that hands SHOUTcast logins to this one (see adopt). */
  sharedPort: number | null = null;
  /** Descriptors are nearly used up; checked in every sweep. */
  isCramped: () => boolean = () => false;
  /** The certificate in use; null: TLS is off. */
  certificate: () => Certificate | null = () => null;
  readonly counts: Counts = {};
  readonly turn: Turn;
  readonly tlsTurn: Turn;
  /** Connections of one address that are accepted; 0 is no limit. */
  maxPerClient: () => number = () => 0;
  readonly #connections = new Set<Connection>();
  readonly #perClient = new ConnectionCounts<Connection>();
  /** Neither a source nor a stream yet; the longest-waiting first. */
  readonly #waiting = new Set<Connection>();
  /** Connections with a timeout. */
  readonly #watched = new Set<Connection>();
  readonly #listeners: TCPSocketListener<Connection>[] = [];
  #httpsListener: TCPSocketListener<Connection> | null = null;
  readonly #handler: SocketHandler<Connection> = {
    open: (socket) => this.#accept(socket),
    data: (socket, bytes) => socket.data?.onData(bytes),
    drain: (socket) => socket.data?.onDrain(),
    end: (socket) => socket.data?.onEnd(),
    close: (socket, error) => this.#closed(socket, error),
    error: (socket, error) => this.#failed(socket, error),
  };

  readonly #secureHandler: SocketHandler<Connection> = {
    ...this.#handler,
    // The plain socket has been opened already.
    open: () => undefined,
    handshake: (socket, isDone, error) => {
      if (isDone) socket.data.onSecured();
      else this.#unsecured(socket.data, error);
    },
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
    this.tlsTurn = new Turn(clock);
  }

  /** Adds a port; all ports are equal. Throws the system's error if it cannot listen. */
  listen(hostname: string, port: number): void {
    this.#listeners.push(this.#listen(hostname, port, this.#handler));
  }

  /** Adds the port that speaks nothing but TLS, and is equal to the others in it. Throws as listen(). */
  listenSecurely(hostname: string, port: number): void {
    const open = (socket: Socket<Connection>) => this.#accept(socket, true);
    this.#httpsListener = this.#listen(hostname, port, { ...this.#handler, open });
  }

  #listen(hostname: string, port: number, socket: SocketHandler<Connection>) {
    // A client that has sent its file and closed its half still gets an answer.
    return Bun.listen<Connection>({ hostname, port, allowHalfOpen: true, socket });
  }

  /** Takes over a connection of another port and its descriptor. `opening`: what was read there. */
  adopt(descriptor: number, opening: Uint8Array, onClosed: () => void): void {
    const adopted = connectTo({
      fd: descriptor,
      allowHalfOpen: true,
      socket: {
        ...this.#handler,
        open: (socket) => {
          this.#open(socket, Connection).onData(opening);
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

  /** In the order of listen(). */
  get ports(): readonly number[] {
    return this.#listeners.map(({ port }) => port);
  }

  /** The first port; if 0 was requested, the one the system chose. */
  get port(): number {
    return this.ports[0] ?? 0;
  }

  /** Where SHOUTcast encoders log in; null if the port after the source port was not free. */
  get shoutcastPort(): number | null {
    return this.ports[1] ?? this.sharedPort;
  }

  /** The HTTPS port; null if there is none. */
  get httpsPort(): number | null {
    return this.#httpsListener?.port ?? null;
  }

  get hasTls(): boolean {
    return this.certificate() !== null;
  }

  startTls(plain: Wire, connection: Connection, hello: Uint8Array): Wire {
    const certificate = this.certificate();
    if (certificate === null) return plain;
    return startTls(plain, certificate, hello, this.#secureHandler, connection);
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

  /** Closes the connections of the clients whose addresses are meant. */
  closeAll(isMeant: (address: string) => boolean, why: string): void {
    for (const connection of this.#connections) {
      if (isMeant(connection.address)) connection.close(why);
    }
  }

  /** Closes connections that timed out, and, if descriptors are short, those that have waited longer than a rush.
   * Returns the milliseconds until the next sweep. */
  sweep(nowMs: number): number {
    let isBusy = this.#waiting.size > 0;
    for (const connection of this.#watched) {
      connection.checkTimeout(nowMs);
      isBusy ||= connection.isHeld;
    }
    const isCramped = this.isCramped();
    for (const waiting of isCramped ? this.#waiting : []) {
      if (waiting.waitedMs(nowMs) >= RUSH_MS) this.#sendAway(waiting);
    }
    return isBusy || isCramped ? BUSY_SWEEP_MS : SWEEP_MS;
  }

  #accept(socket: Socket<Connection>, mustEncrypt = false): void {
    const address = plainAddress(socket.remoteAddress);
    const isProxy = !mustEncrypt && this.proxies.mustAnnounce(address);
    if (this.#hasTooMany(address)) return this.#turnAway(socket, address);
    const connection = this.#open(socket, isProxy ? ProxiedConnection : Connection, mustEncrypt);
    this.#perClient.add(connection, address);
  }

  #hasTooMany(address: string): boolean {
    const limit = this.maxPerClient();
    return limit > 0 && this.#perClient.of(address) >= limit && !this.proxies.has(address);
  }

  #turnAway(socket: Socket<Connection>, address: string): void {
    this.count("too_many_connections");
    this.log.repeated(`${address} has too many connections (limits.connections_per_address)`);
    socket.end(refusalAnswer("too_many_connections", "Too many connections from your address"));
  }

  #open(socket: Socket<Connection>, Kind: typeof Connection, mustEncrypt = false): Connection {
    this.#makeRoom();
    const record = this.access.open(plainAddress(socket.remoteAddress));
    const connection = new Kind(new LoggedSocket(socket, record, mustEncrypt), this);
    socket.data = connection;
    this.#connections.add(connection);
    this.#waiting.add(connection);
    this.#watched.add(connection);
    return connection;
  }

  /** The longest-waiting connection goes: encoders log in at once, clients that only occupy places do not. */
  #makeRoom(): void {
    if (this.#waiting.size < MAX_WAITING) return;
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    const isPatient = oldest.waitedMs(this.clock.nowMs()) >= RUSH_MS;
    if (!isPatient && this.#waiting.size < MAX_RUSH) return;
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
    this.#perClient.remove(socket.data);
    socket.data.onClose(error);
    socket.data.record.end();
  }

  /** Bun has sent the client the reason, and closes the connection. */
  #unsecured({ address }: Connection, error: Error | null): void {
    this.count("tls_handshake");
    const why = handshakeFailure(error?.message ?? "");
    this.log.repeated(`the TLS handshake with ${address} failed: ${why}`);
  }

  /** Our exception costs the one connection, not the station. */
  failed(connection: Connection, error: unknown): void {
    this.log.error(`a source connection failed: ${stackLine(error)}`);
    connection.close("of an error of ours");
  }

  /** Exceptions of the socket handlers arrive here. */
  #failed(socket: Socket<Connection>, error: Error): void {
    if (socket.data === undefined)
      this.log.error(`a source connection failed: ${stackLine(error)}`);
    else this.failed(socket.data, error);
  }

  /** Stops accepting, and closes every connection. */
  close(): void {
    for (const connection of this.#connections) connection.close("the station stops");
    for (const listener of this.#listeners.splice(0)) listener.stop(true);
    this.#httpsListener?.stop(true);
  }
}
