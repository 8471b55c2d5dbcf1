// The sink of a listener that hears something before the stream. The core goes on offering it the stream's audio, which
// is left out until then.
import type { Sink, SinkOwner, SinkState } from "../../mount/roles.ts";

export class IntroSink implements Sink, SinkOwner {
  owner: SinkOwner | null = null;
  /** What its listener was sent in all, if the core counts so many bytes of the stream. */
  total: (sentBytes: number) => number = () => 0;
  #isOver = false;
  #state: SinkState = "open";

  constructor(private readonly sink: Sink) {
    sink.owner = this;
  }

  get descriptor(): number {
    return this.#isOver ? this.sink.descriptor : -1;
  }

  get isChunked(): boolean {
    return this.sink.isChunked;
  }

  /** What it was given last has not been taken yet. */
  get isBlocked(): boolean {
    return this.#state === "blocked";
  }

  write(span: Uint8Array<ArrayBuffer>): SinkState {
    return this.#isOver ? this.sink.write(span) : this.#state;
  }

  /** Audio of the intro. */
  play(bytes: Uint8Array<ArrayBuffer>): void {
    this.#state = this.sink.write(this.sink.isChunked ? asChunk(bytes) : bytes);
  }

  /** From here on the stream goes through. */
  finish(): void {
    this.#isOver = true;
  }

  end(): void {
    this.sink.end();
  }

  abort(): void {
    this.sink.abort();
  }

  left(sentBytes: number): void {
    this.sink.left?.(this.total(sentBytes));
  }

  onDescriptor(): void {
    if (this.#isOver) this.owner?.onDescriptor();
  }

  onDrain(): void {
    this.#state = "open";
    this.owner?.onDrain();
  }
}

/** Of an HTTP/1.1 body, once the connection is not Bun's any more. */
export function asChunk(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from("\r\n"),
  ]);
}
