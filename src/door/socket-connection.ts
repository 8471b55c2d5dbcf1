// The part of a connection that its source client or handler uses: the socket, and the port's care for it.
import type { AccessRecord } from "../journal/access-log.ts";
import type { ClientOrigin } from "../lib/client-origin.ts";
import type { Counted } from "../wire/answers.ts";
import type { ClientConnection } from "./handler.ts";
import type { HeldBytes } from "./held-bytes.ts";
import type { LoggedSocket } from "./logged-socket.ts";
import type { Port } from "./port.ts";
import type { SourceConnection } from "./source-client.ts";
import type { Turn } from "../lib/turn.ts";

interface Reached {
  readonly localAddress: string;
  readonly localPort: number;
}

export abstract class SocketConnection implements ClientConnection, SourceConnection {
  readonly record: AccessRecord;
  /** Where the client connected to, if a proxy said so; null for our own end of the connection. */
  protected reached: Reached | null = null;

  constructor(
    protected readonly socket: LoggedSocket,
    protected readonly port: Port,
  ) {
    this.record = socket.record;
  }

  abstract close(why: string): void;
  abstract dismiss(why: string, answer: string): void;
  abstract finish(): void;
  abstract drop(): void;

  get localAddress(): string {
    return this.reached?.localAddress ?? this.socket.localAddress;
  }

  get localPort(): number {
    return this.reached?.localPort ?? this.socket.localPort;
  }

  get address(): string {
    return this.record.address;
  }

  get origin(): ClientOrigin {
    return this.record.origin;
  }

  get turn(): Turn {
    return this.port.turn;
  }

  get isSecure(): boolean {
    return this.socket.isSecure;
  }

  get descriptor(): number {
    return this.socket.descriptor;
  }

  write(bytes: Uint8Array): number {
    return this.socket.write(bytes);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** The socket is read on until the bound, or the end of the connection would go unnoticed. */
  protected hold(held: HeldBytes, bytes: Uint8Array): void {
    held.add(bytes);
    if (held.isFull) this.socket.pause();
  }

  /** What was held; the socket is read on. */
  protected released(held: HeldBytes): Uint8Array {
    if (held.isFull) this.socket.resume();
    return held.all();
  }

  settle(): void {
    this.port.settle(this);
  }

  release(): void {
    this.port.watch(this, false);
  }

  watch(): void {
    this.port.watch(this, true);
  }

  count(what: Counted): void {
    this.port.count(what);
  }
}
