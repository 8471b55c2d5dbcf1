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

/** Writes the head and the burst; from then on the audience serves the listener. */
export class ListenerHandler implements ConnectionHandler {
  readonly #sink: RawSink;
  readonly #listener: Listener | null;
  #hasClosedHalf = false;
  /** At the last check of a half-closed connection, and the time when they last grew. */
  #sentBytes = -1;
  #writtenMs = 0;

  constructor(
    private readonly connection: ClientConnection,
    head: Uint8Array,
    private readonly audience: Audience,
    client: ListenerClient,
  ) {
    this.#sink = new RawSink(connection);
    this.#sink.write(head);
    connection.settle();
    const headLength = head.length;
    // The core writes past the connection, so only the core knows the total.
    const onLeft = (sentBytes: number) => (connection.record.sentBytes = headLength + sentBytes);
    const door = audience.introducer ?? audience;
    this.#listener = door.join({ ...client, onLeft }, this.#sink);
    if (this.#listener === null) this.#refuse(client);
    else connection.release();
  }

  /** Others have taken the last places meanwhile. */
  #refuse({ session }: ListenerClient): void {
    this.#sink.end();
    session?.left(0, 0);
  }

  onData(): void {
    // Players send nothing after their request.
  }

  onDrain(): void {
    this.#sink.drain();
  }

  /** As with Icecast, the client may still be listening. */
  onEnd(): void {
    this.#hasClosedHalf = true;
    this.connection.watch();
  }

  onClose(): void {
    if (this.#listener !== null) this.#listener.audience.leave(this.#listener, LEFT);
    this.#sink.gone();
  }

  /** The audience itself drops listeners that stop reading. */
  checkTimeout(nowMs: number): void {
    if (this.#hasClosedHalf && this.#isGone(nowMs)) this.#leave();
  }

  #isGone(nowMs: number): boolean {
    const listener = this.#listener;
    const state = listener === null ? null : listener.audience.stateOf(listener);
    if (state === null) return true;
    const { sentBytes, isBlocked } = state;
    if (isBlocked || sentBytes !== this.#sentBytes) this.#writtenMs = nowMs;
    this.#sentBytes = sentBytes;
    const { sourceTimeout } = this.audience.mount.config;
    return nowMs - this.#writtenMs >= sourceTimeout * 1000 + TAKE_OVER_MS;
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
