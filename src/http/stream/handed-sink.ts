// A listener's end of an HTTP response: Bun writes its head and its first audio, then the core writes to the connection itself.
import { type RawLine, RawSink } from "../../listener/raw-sink.ts";
import type { Sink, SinkState } from "../../mount/roles.ts";
import { drainLater } from "./drains.ts";
import type { StreamSink } from "./stream-sink.ts";

/** Writes after which the connection stays Bun's: what it does there is not what we know. */
const MAX_TRIES = 16;

/** What a sink needs of the connection behind the stream. */
export interface StreamLine {
  readonly descriptor: number;
  /** Bytes that the kernel has taken so far, whoever wrote them. */
  readonly writtenBytes: number;
  write(bytes: Uint8Array): number;
  /** Nobody writes there any more. */
  release(): void;
}

export class HandedSink implements Sink {
  onDescriptor: () => void = () => undefined;
  onDrain: () => void = () => undefined;
  isChunked = false;
  /** Once it is handed over. */
  #raw: RawSink | null = null;
  #tries = 0;
  #isOver = false;

  constructor(
    private readonly stream: StreamSink,
    private readonly line: StreamLine | null,
  ) {
    stream.onDrain = () => this.onDrain();
  }

  get descriptor(): number {
    return this.#raw?.descriptor ?? -1;
  }

  write(span: Uint8Array<ArrayBuffer>): SinkState {
    if (this.#raw !== null) return this.#writeRaw(this.#raw, span);
    if (this.line === null || this.#tries === MAX_TRIES) return this.stream.write(span);
    const writtenBytes = this.line.writtenBytes;
    const state = this.stream.write(span);
    const number = ++this.#tries;
    // Bun writes a small span at the end of a turn of the event loop, behind what setImmediate runs.
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

  /** The connection has ended by itself. */
  gone(): void {
    this.#raw?.gone();
    this.#over();
  }

  #writeRaw(raw: RawSink, bytes: Uint8Array): SinkState {
    const state = raw.write(bytes);
    if (state === "blocked") drainLater(raw);
    return state;
  }

  /** When the kernel has taken exactly the span, bare or as one chunk, then nothing of Bun's is on its way:
   * whoever writes next continues the body. Bun says neither the descriptor nor whether it puts chunks
   * around a body, as it does but for HTTP/1.0 (oven-sh/bun#29597). */
  #weigh(number: number, length: number, before: number): void {
    if (this.line === null || this.#isOver || number !== this.#tries) return;
    const grown = this.line.writtenBytes - before;
    const chunk = length + length.toString(16).length + 4;
    if (grown !== length && grown !== chunk) return;
    this.isChunked = grown === chunk;
    this.#raw = this.#handOver(this.line);
    this.onDescriptor();
  }

  #handOver(line: StreamLine): RawSink {
    const connection: RawLine = {
      descriptor: line.descriptor,
      write: (bytes) => line.write(bytes),
      finish: () => {
        this.stream.end();
        this.#over();
      },
      drop: () => {
        this.stream.abort();
        this.#over();
      },
    };
    const raw = new RawSink(connection);
    raw.onDrain = () => this.onDrain();
    return raw;
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.line?.release();
  }
}
