// The common part of parsers for chained streams: a container reader does the steps, and frames are output chain by chain.
import { type Chain, ChainOutput } from "./chain-output.ts";
import type { FrameParser, Frames, StreamFormat, StreamMetadata } from "../frame.ts";
import { Intake } from "./intake.ts";

/** What a reader works with. */
export class ChainWork<C extends Chain> {
  readonly intake = new Intake();
  readonly output = new ChainOutput<C>();
  garbageBytes = 0;
  /** No more bytes will arrive. */
  isEnding = false;

  /** Drops the first bytes of the intake as garbage. */
  drop(count: number): void {
    this.intake.skip(count);
    this.garbageBytes += count;
  }
}

/** Reads a container: takes bytes from the intake and adds frames to the output. */
export interface ChainReader {
  /** Does one step; true if another one may be possible with the present bytes. */
  step(): boolean;
  /** Called at the end of the input when no step is left; may be repeated. */
  end(): void;
  /** Embeds a title in the stream from the next possible position on. */
  retitle?(metadata: StreamMetadata): void;
}

export class ChainParser<C extends Chain> implements FrameParser {
  readonly #work = new ChainWork<C>();
  readonly #reader: ChainReader;

  constructor(createReader: (work: ChainWork<C>) => ChainReader) {
    this.#reader = createReader(this.#work);
  }

  get format(): StreamFormat | null {
    return this.#work.output.format;
  }

  get foreignFormat(): StreamFormat | null {
    return this.#work.output.foreignFormat;
  }

  get garbageBytes(): number {
    return this.#work.garbageBytes;
  }

  get bitrate(): number {
    return this.#work.output.bitrate;
  }

  retitle(metadata: StreamMetadata): void {
    this.#reader.retitle?.(metadata);
  }

  push(chunk: Uint8Array): Frames {
    this.#work.intake.push(chunk);
    return this.next();
  }

  end(): Frames {
    this.#work.isEnding = true;
    return this.next();
  }

  next(): Frames {
    const { output, isEnding } = this.#work;
    output.clear();
    while (!output.isFull && this.#reader.step());
    if (isEnding && !output.isFull) this.#reader.end();
    return output.take();
  }
}
