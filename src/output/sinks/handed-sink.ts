// The sink of an HTTP listener: Bun writes the response head and the first audio, then the core takes over the connection.
import { RawSink } from "./raw-sink.ts";
import type { Sink, SinkState } from "../../mount/roles.ts";
import { drainLater } from "./drains.ts";
import type { StreamSink } from "./stream-sink.ts";

/** After this many writes without a match the connection stays Bun's. */
const MAX_TRIES = 16;

/** The parts of the connection that the sink needs. */
export interface HttpConnection {
  readonly descriptor: number;
  /** Bytes the kernel has accepted so far, from Bun and from the core. */
  readonly writtenBytes: number;
  write(bytes: Uint8Array): number;
  /** Call once, after the last write. */
  release(): void;
}

export class HandedSink implements Sink {
  onDescriptor: () => void = () => undefined;
  onDrain: () => void = () => undefined;
  isChunked = false;
  /** Set once the connection is handed over. */
  #raw: RawSink | null = null;
  #tries = 0;
  #isOver = false;

  constructor(
    private readonly stream: StreamSink,
    private readonly connection: HttpConnection | null,
    /** false: it goes out with the first span, whose bytes are then not countable on their own. */
    private isHeadSent = true,
  ) {
    stream.onDrain = () => this.onDrain();
  }

  get descriptor(): number {
    return this.#raw?.descriptor ?? -1;
  }

  get heldBytes(): number {
    return this.#raw?.heldBytes ?? 0;
  }

  get unreceivedBytes(): number {
    return this.#raw?.unreceivedBytes ?? 0;
  }

  write(span: Uint8Array<ArrayBuffer>): SinkState {
    if (this.#raw !== null) return this.#writeRaw(this.#raw, span);
    if (this.connection === null || this.#tries === MAX_TRIES) return this.stream.write(span);
    if (!this.isHeadSent) {
      this.isHeadSent = true;
      return this.stream.write(span);
    }
    const writtenBytes = this.connection.writtenBytes;
    const state = this.stream.write(span);
    const number = ++this.#tries;
    // Bun writes a small span at the end of an event-loop turn, after setImmediate callbacks.
    if (state === "open") setTimeout(() => this.#weigh(number, span.length, writtenBytes), 0);
    return state;
  }

  end(): void {
    if (this.#raw !== null) return this.#raw.end();
    this.stream.end();
    this.#over();
  }

  abort(): void {
    if (this.#raw !== null) return this.#raw.abort();
    this.stream.abort();
    this.#over();
  }

  /** The connection has ended. */
  gone(): void {
    this.#raw?.gone();
    this.#over();
  }

  #writeRaw(raw: RawSink, bytes: Uint8Array): SinkState {
    const state = raw.write(bytes);
    if (state === "blocked") drainLater(raw);
    return state;
  }

  /** If the kernel has accepted exactly the span, plain or as one chunk, Bun has nothing buffered and the next write
   * continues the body. Bun exposes neither the descriptor nor whether the body is chunked, which it is except in
   * HTTP/1.0 (oven-sh/bun#29597). */
  #weigh(number: number, length: number, before: number): void {
    if (this.connection === null || this.#isOver || number !== this.#tries) return;
    const grown = this.connection.writtenBytes - before;
    const chunk = length + length.toString(16).length + 4;
    if (grown !== length && grown !== chunk) return;
    this.isChunked = grown === chunk;
    this.#raw = this.#handOver(this.connection);
    this.onDescriptor();
  }

  #handOver(connection: HttpConnection): RawSink {
    const raw = new RawSink({
      descriptor: connection.descriptor,
      write: (bytes) => connection.write(bytes),
      finish: () => {
        this.stream.end();
        this.#over();
      },
      drop: () => {
        this.stream.abort();
        this.#over();
      },
    });
    raw.onDrain = () => this.onDrain();
    return raw;
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.connection?.release();
  }
}
