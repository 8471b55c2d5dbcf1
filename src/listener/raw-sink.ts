// A listener's end of a bare TCP connection: what the kernel does not take at once is kept until it drains; of audio the core leaves 8 KiB at most.
import type { Sink, SinkState } from "../mount/roles.ts";

/** What a sink needs of the connection. */
export interface RawLine {
  /** Of its socket; -1 when it is not known. */
  readonly descriptor: number;
  /** Bytes the kernel has taken; negative when the connection is gone. */
  write(bytes: Uint8Array): number;
  /** The other side may read to the end, then the connection closes. */
  finish(): void;
  /** Resets the connection. */
  drop(): void;
}

export class RawSink implements Sink {
  readonly isChunked = false;
  onDescriptor: () => void = () => undefined;
  onDrain: () => void = () => undefined;
  /** A copy of what the kernel has not taken: the span's memory is the ring's. */
  #rest: Uint8Array | null = null;
  #isEnding = false;
  #isOver = false;

  constructor(private readonly line: RawLine) {}

  /** None while something waits to be written first. */
  get descriptor(): number {
    return this.#rest === null && !this.#isOver ? this.line.descriptor : -1;
  }

  get isBlocked(): boolean {
    return this.#rest !== null;
  }

  write(span: Uint8Array): SinkState {
    if (this.#isOver) return "gone";
    // Only a head is ever followed by more before it has drained.
    if (this.#rest !== null) return this.#keep(Buffer.concat([this.#rest, span]));
    const taken = this.line.write(span);
    if (taken < 0) return "gone";
    return taken >= span.length ? "open" : this.#keep(new Uint8Array(span.subarray(taken)));
  }

  /** The kernel has room again. */
  drain(): void {
    if (this.#rest === null || this.#isOver) return;
    const taken = Math.max(0, this.line.write(this.#rest));
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
    this.line.drop();
  }

  /** The connection has ended by itself. */
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
    this.line.finish();
  }
}
