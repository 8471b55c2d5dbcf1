// The sink of an HTTP listener: Bun writes the response head and the first audio, then the core takes over the connection.
import type { SinkState } from "../../mount/roles.ts";
import { drainLater } from "./drains.ts";
import { KeepingSink } from "./keeping-sink.ts";
import type { StreamSink } from "./stream-sink.ts";
import { weighLater } from "./weighings.ts";

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

export class HandedSink extends KeepingSink {
  isChunked = false;
  #isHanded = false;
  #tries = 0;
  /** The length of the latest span, and what the kernel had accepted before it. */
  #spanLength = 0;
  #writtenBefore = 0;
  #isReleased = false;

  constructor(
    private readonly stream: StreamSink,
    private readonly connection: HttpConnection | null,
    /** false: it goes out with the first span, whose bytes are then not countable on their own. */
    private isHeadSent = true,
  ) {
    super();
    stream.owner = this;
  }

  override write(span: Uint8Array<ArrayBuffer>): SinkState {
    if (this.#isHanded) return this.#writeItself(span);
    if (this.connection === null || this.#tries === MAX_TRIES) return this.stream.write(span);
    if (!this.isHeadSent) {
      this.isHeadSent = true;
      return this.stream.write(span);
    }
    this.#writtenBefore = this.connection.writtenBytes;
    this.#spanLength = span.length;
    this.#tries++;
    const state = this.stream.write(span);
    if (state === "open") weighLater(this);
    return state;
  }

  override end(): void {
    if (this.#isHanded) super.end();
    else this.finish();
  }

  override abort(): void {
    if (this.#isHanded) super.abort();
    else this.drop();
  }

  override gone(): void {
    super.gone();
    this.#release();
  }

  left(sentBytes: number): void {
    // The core writes past the stream, so only the core knows the total.
    this.stream.sentBytes = sentBytes;
  }

  /** The stream has drained. */
  onDrain(): void {
    this.owner?.onDrain();
  }

  /** If the kernel has accepted exactly the latest span, plain or as one chunk, Bun has nothing buffered and the next write
   * continues the body. Bun exposes neither the descriptor nor whether the body is chunked, which it is except in
   * HTTP/1.0 (oven-sh/bun#29597). */
  weigh(): void {
    if (this.connection === null || this.#isReleased || this.#isHanded) return;
    const grown = this.connection.writtenBytes - this.#writtenBefore;
    const length = this.#spanLength;
    const chunk = length + length.toString(16).length + 4;
    if (grown !== length && grown !== chunk) return;
    this.isChunked = grown === chunk;
    this.#isHanded = true;
    this.owner?.onDescriptor();
  }

  protected get socketDescriptor(): number {
    return this.#isHanded ? (this.connection?.descriptor ?? -1) : -1;
  }

  protected send(bytes: Uint8Array): number {
    return this.connection?.write(bytes) ?? -1;
  }

  protected finish(): void {
    this.stream.end();
    this.#release();
  }

  protected drop(): void {
    this.stream.abort();
    this.#release();
  }

  #writeItself(span: Uint8Array<ArrayBuffer>): SinkState {
    const state = super.write(span);
    if (state === "blocked") drainLater(this);
    return state;
  }

  #release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.connection?.release();
  }
}
