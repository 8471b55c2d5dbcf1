// Output of parsers for codecs with preambles: batches of frames, each from one chain only.
import { FrameBatch } from "./frame-batch.ts";
import { type Frames, sameFormat, type StreamFormat, type StreamMetadata } from "../frame.ts";
import { Intake } from "./intake.ts";

export interface Chain {
  readonly format: StreamFormat;
  readonly metadata: StreamMetadata | null;
  readonly preamble: Uint8Array;
  /** The preamble, divided into frames. */
  readonly headers: readonly Uint8Array[];
}

export class ChainOutput<C extends Chain> {
  readonly #batch = new FrameBatch();
  readonly #bytes = new Intake();
  #format: StreamFormat | null = null;
  #foreign: StreamFormat | null = null;
  #chain: C | null = null;
  /** The next chain, which begins after the batch of the current one has been taken. */
  #next: C | null = null;
  #frameBytes = 0;
  #frameSamples = 0;

  get format(): StreamFormat | null {
    return this.#format;
  }

  get foreignFormat(): StreamFormat | null {
    return this.#foreign;
  }

  /** kbit/s */
  get bitrate(): number {
    if (this.#format === null || this.#frameSamples === 0) return 0;
    const seconds = this.#frameSamples / this.#format.sampleRate;
    return Math.round((this.#frameBytes * 8) / seconds / 1000);
  }

  /** The current chain. */
  get chain(): C | null {
    return this.#chain;
  }

  /** No frame can be added before the batch is taken. */
  get isFull(): boolean {
    return this.#next !== null;
  }

  /** Whether a chain has the first one's format; if not, records it as foreign. */
  accept(format: StreamFormat): boolean {
    const isOwn = this.#format === null || sameFormat(format, this.#format);
    this.#foreign = isOwn ? null : format;
    return isOwn;
  }

  /** Begins a chain with its preamble. */
  begin(chain: C): void {
    this.#next = chain;
    if (this.#batch.count === 0) this.#open(chain);
  }

  /** Adds a copy of one frame. */
  emit(bytes: Uint8Array, samples: number, flags: number): void {
    this.#bytes.push(bytes);
    this.#frameBytes += bytes.length;
    this.#frameSamples += samples;
    this.#batch.add(bytes.length, samples, this.#format?.sampleRate ?? 1, flags);
  }

  /** Discards the batch that was taken, and begins the next chain. */
  clear(): void {
    this.#bytes.skip(this.#bytes.length);
    if (this.#next !== null) this.#open(this.#next);
  }

  take(): Frames {
    const frames = this.#batch.take(this.#bytes.bytes, this.#format?.sampleRate ?? 1);
    if (frames.count === 0 || this.#chain === null) return frames;
    const { preamble, metadata } = this.#chain;
    return { ...frames, preamble, metadata };
  }

  #open(chain: C): void {
    this.#next = null;
    this.#chain = chain;
    this.#format = chain.format;
    for (const piece of chain.headers) this.emit(piece, 0, 0);
  }
}
