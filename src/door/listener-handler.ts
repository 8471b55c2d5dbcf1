// A listener of the source port, answered as Icecast does: no length and no chunks, until the connection closes.
import type { Audience } from "../output/audience/audience.ts";
import type { Listener, ListenerClient } from "../output/audience/listener.ts";
import { PROBE_MS } from "../output/stream-answer.ts";
import { RawSink } from "../output/sinks/raw-sink.ts";
import type { ClientConnection, ConnectionHandler } from "./handler.ts";

const LEFT = "it closed the connection";

/** A client that has closed its half may be listening or gone: only the kernel's acceptance of new data shows. A live
 * source may pause for source_timeout, and another input needs this long to take over. */
const TAKE_OVER_MS = 5000;

/** What a half-closed connection had been offered at the last check, and the time when that last grew. */
interface Growth {
  sentBytes: number;
  writtenMs: number;
}

/** Writes the head and the burst; from then on the audience serves the listener. */
export class ListenerHandler extends RawSink<ClientConnection> implements ConnectionHandler {
  readonly #headBytes: number;
  readonly #listener: Listener | null;
  /** null until the client has closed its half. */
  #growth: Growth | null = null;

  constructor(
    connection: ClientConnection,
    head: Uint8Array,
    private readonly audience: Audience,
    client: ListenerClient,
  ) {
    super(connection);
    this.#headBytes = head.length;
    this.write(head);
    connection.settle();
    this.#listener = (audience.introducer ?? audience).join(client, this);
    if (this.#listener === null) this.#refuse(client);
    else connection.release();
  }

  /** Others have taken the last places meanwhile. */
  #refuse({ session }: ListenerClient): void {
    this.end();
    session?.left(0, 0);
  }

  left(sentBytes: number): void {
    // The core writes past the connection, so only the core knows the total.
    this.connection.record.sentBytes = this.#headBytes + sentBytes;
  }

  onData(): void {
    // Players send nothing after their request.
  }

  onDrain(): void {
    this.drain();
  }

  /** As with Icecast, the client may still be listening. */
  onEnd(): void {
    this.#growth ??= { sentBytes: -1, writtenMs: 0 };
    this.connection.watch();
  }

  onClose(): void {
    if (this.#listener !== null) this.#listener.audience.leave(this.#listener, LEFT);
    this.gone();
  }

  /** The audience itself drops listeners that stop reading. */
  checkTimeout(nowMs: number): void {
    if (this.#growth !== null && this.#isGone(this.#growth, nowMs)) this.#leave();
  }

  #isGone(growth: Growth, nowMs: number): boolean {
    const listener = this.#listener;
    const state = listener === null ? null : listener.audience.stateOf(listener);
    if (state === null) return true;
    const { sentBytes, isBlocked } = state;
    if (isBlocked || sentBytes !== growth.sentBytes) growth.writtenMs = nowMs;
    growth.sentBytes = sentBytes;
    const { sourceTimeout } = this.audience.mount.config;
    return nowMs - growth.writtenMs >= sourceTimeout * 1000 + TAKE_OVER_MS;
  }

  #leave(): void {
    this.onClose();
    this.connection.finish();
  }
}

/** Gives a client that only tests the stream its first bytes; it is no listener. */
export class SampleHandler implements ConnectionHandler {
  readonly #sink: RawSink;

  constructor(
    private readonly connection: ClientConnection,
    head: Uint8Array,
    audience: Audience,
    private readonly startedMs: number,
  ) {
    this.#sink = new RawSink(connection);
    this.#sink.write(head);
    audience.sample(this.#sink);
  }

  onData(): void {
    // As in ListenerHandler.
  }

  onDrain(): void {
    this.#sink.drain();
  }

  onEnd(): void {
    this.connection.finish();
  }

  onClose(): void {
    this.#sink.gone();
  }

  checkTimeout(nowMs: number): void {
    if (nowMs - this.startedMs < PROBE_MS) return;
    if (this.#sink.isBlocked) this.#sink.abort();
    else this.#sink.end();
  }
}
