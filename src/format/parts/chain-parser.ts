// What the parsers of chains share: bytes in, steps of whoever knows the container, and the frames of one chain at a time out.
import { type Chain, ChainOutput } from "./chain-output.ts";
import type { FrameParser, Frames, StreamFormat, StreamMetadata } from "../frame.ts";
import { Intake } from "./intake.ts";

/** What a reader works with. */
export class ChainWork<C extends Chain> {
  readonly intake = new Intake();
  readonly output = new ChainOutput<C>();
  garbageBytes = 0;
  /** What is held will not become more. */
  isEnding = false;

  /** The first bytes of the intake are garbage. */
  drop(count: number): void {
    this.intake.skip(count);
    this.garbageBytes += count;
  }
}

/** Knows a container: decides on bytes of the intake, and what of them goes to the output. */
export interface ChainReader {
  /** Whether there may be another step with the bytes at hand. */
  step(): boolean;
  /** The input is over and no step is left; may be called again. */
  end(): void;
  /** Puts a title into the stream from the next place on where one can begin. */
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
