// The sink of a listener on a plain TCP connection: keeps unsent bytes until it drains. Of audio the core leaves at
// most 8 KiB unsent.
import type { Sink, SinkState } from "../../mount/roles.ts";
import { unacknowledgedBytes } from "../../native/unacknowledged.ts";

/** The parts of the connection that the sink needs. */
export interface SinkConnection {
  /** Its socket's descriptor; -1 if unknown. */
  readonly descriptor: number;
  /** Returns the bytes the kernel accepted; negative if the connection is gone. */
  write(bytes: Uint8Array): number;
  /** Closes the connection after the peer has read everything. */
  finish(): void;
  /** Resets the connection. */
  drop(): void;
}

export class RawSink implements Sink {
  readonly isChunked = false;
  onDescriptor: () => void = () => undefined;
  onDrain: () => void = () => undefined;
  /** A copy of the unsent bytes: the span is the ring's memory. */
  #rest: Uint8Array | null = null;
  #isEnding = false;
  #isOver = false;

  constructor(private readonly connection: SinkConnection) {}

  /** -1 while there are unsent bytes. */
  get descriptor(): number {
    return this.#rest === null && !this.#isOver ? this.connection.descriptor : -1;
  }

  get heldBytes(): number {
    return this.#rest?.length ?? 0;
  }

  get unreceivedBytes(): number {
    const { descriptor } = this.connection;
    const isOpen = !this.#isOver && descriptor >= 0;
    return this.heldBytes + (isOpen ? unacknowledgedBytes(descriptor) : 0);
  }

  get isBlocked(): boolean {
    return this.#rest !== null;
  }

  write(span: Uint8Array): SinkState {
    if (this.#isOver) return "gone";
    // Only the response head may be followed by more before it has drained.
    if (this.#rest !== null) return this.#keep(Buffer.concat([this.#rest, span]));
    const taken = this.connection.write(span);
    if (taken < 0) return "gone";
    return taken >= span.length ? "open" : this.#keep(new Uint8Array(span.subarray(taken)));
  }

  /** The kernel has buffer space again. */
  drain(): void {
    if (this.#rest === null || this.#isOver) return;
    const taken = Math.max(0, this.connection.write(this.#rest));
    this.#rest = taken < this.#rest.length ? this.#rest.subarray(taken) : null;
    if (this.#rest !== null) return;
    if (this.#isEnding) this.#finish();
    else this.onDrain();
  }

  end(): void {
    if (this.#isOver || this.#isEnding) return;
    this.#isEnding = true;
    if (this.#rest === null) this.#finish();
  }

  abort(): void {
    if (this.#isOver) return;
    this.gone();
    this.connection.drop();
  }

  /** The connection has ended. */
  gone(): void {
    this.#isOver = true;
    this.#rest = null;
  }

  #keep(rest: Uint8Array): SinkState {
    this.#rest = rest;
    return "blocked";
  }

  #finish(): void {
    this.gone();
    this.connection.finish();
  }
}
