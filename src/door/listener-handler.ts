// A listener of the source port, answered as Icecast answers: no length, no chunks, until the connection closes.
import type { Audience } from "../output/audience/audience.ts";
import type { Listener, ListenerClient } from "../output/audience/listener.ts";
import { RawSink } from "../output/sinks/raw-sink.ts";
import { PROBE_MS } from "../output/listen-request.ts";
import type { ConnectionHandler, ClientConnection } from "./handler.ts";

const LEFT = "it closed the connection";

/** A client that has closed its half may still listen, or be gone: only its answer to what is written tells. Nothing
 * written for so long, it is taken for gone. */
const UNTOLD_MS = 5000;

/** A stream whose head is written: the rest of its life is that of the listener. */
export class ListenerHandler implements ConnectionHandler {
  readonly #sink: RawSink;
  readonly #listener: Listener | null;
  #hasClosedHalf = false;
  /** At the last look at a half-closed connection, and when they last grew. */
  #sentBytes = -1;
  #writtenMs = 0;

  constructor(
    private readonly connection: ClientConnection,
    head: Uint8Array,
    audience: Audience,
    client: ListenerClient,
  ) {
    this.#sink = new RawSink(connection);
    this.#sink.write(head);
    connection.settle();
    const headLength = head.length;
    // The core writes past the connection, so it alone knows how much.
    const onLeft = (sentBytes: number) => (connection.record.sentBytes = headLength + sentBytes);
    this.#listener = audience.join({ ...client, onLeft }, this.#sink);
    if (this.#listener === null) this.#sink.end();
    else connection.release();
  }

  onData(): void {
    // A player has nothing more to say.
  }

  onDrain(): void {
    this.#sink.drain();
  }

  /** It says no more; as at Icecast it still hears. */
  onEnd(): void {
    this.#hasClosedHalf = true;
    this.connection.watch();
  }

  onClose(): void {
    this.#sink.gone();
    if (this.#listener !== null) this.#listener.audience.leave(this.#listener, LEFT);
  }

  /** The audience has its own rule for listeners that do not read. */
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
    return nowMs - this.#writtenMs >= UNTOLD_MS;
  }

  #leave(): void {
    this.onClose();
    this.connection.finish();
  }
}

/** Somebody who looks whether there is a stream: gets its first bytes, and is no listener. */
export class ProbeHandler implements ConnectionHandler {
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
    // See ListenerHandler.
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
