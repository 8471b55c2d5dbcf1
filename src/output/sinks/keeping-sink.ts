// A sink that writes to a connection's descriptor: keeps unsent bytes until it drains. Of audio the core leaves at most
// 8 KiB unsent.
import type { Sink, SinkOwner, SinkState } from "../../mount/roles.ts";
import { unacknowledgedBytes } from "../../native/unacknowledged.ts";

export abstract class KeepingSink implements Sink {
  owner: SinkOwner | null = null;
  abstract readonly isChunked: boolean;
  /** A copy of the unsent bytes: the span is the ring's memory. */
  #rest: Uint8Array | null = null;
  #isEnding = false;
  #isOver = false;

  /** The connection's descriptor; -1 if it is unknown. */
  protected abstract readonly socketDescriptor: number;
  /** Returns the bytes the kernel accepted; negative if the connection is gone. */
  protected abstract send(bytes: Uint8Array): number;
  /** Closes the connection after the peer has read everything. */
  protected abstract finish(): void;
  /** Resets the connection. */
  protected abstract drop(): void;

  /** -1 while there are unsent bytes. */
  get descriptor(): number {
    return this.#rest === null && !this.#isOver ? this.socketDescriptor : -1;
  }

  get heldBytes(): number {
    return this.#rest?.length ?? 0;
  }

  get unreceivedBytes(): number {
    const { socketDescriptor } = this;
    const isOpen = !this.#isOver && socketDescriptor >= 0;
    return this.heldBytes + (isOpen ? unacknowledgedBytes(socketDescriptor) : 0);
  }

  get isBlocked(): boolean {
    return this.#rest !== null;
  }

  write(span: Uint8Array): SinkState {
    if (this.#isOver) return "gone";
    // Only the response head may be followed by more before it has drained.
    if (this.#rest !== null) return this.#keep(Buffer.concat([this.#rest, span]));
    const taken = this.send(span);
    if (taken < 0) return "gone";
    return taken >= span.length ? "open" : this.#keep(new Uint8Array(span.subarray(taken)));
  }

  /** The kernel has buffer space again. */
  drain(): void {
    if (this.#rest === null || this.#isOver) return;
    const taken = Math.max(0, this.send(this.#rest));
    this.#rest = taken < this.#rest.length ? this.#rest.subarray(taken) : null;
    if (this.#rest !== null) return;
    if (this.#isEnding) this.#finish();
    else this.owner?.onDrain();
  }

  end(): void {
    if (this.#isOver || this.#isEnding) return;
    this.#isEnding = true;
    if (this.#rest === null) this.#finish();
  }

  abort(): void {
    if (this.#isOver) return;
    this.gone();
    this.drop();
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
    this.finish();
  }
}
