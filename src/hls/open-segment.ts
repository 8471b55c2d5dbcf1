// The segment that grows: what is known of its frames, which lie in the ring.
import { type Frames, NO_FRAMES, type StreamFormat } from "../format/frame.ts";
import type { Metadata } from "../mount/metadata.ts";
import type { Init, MediaSegment } from "./media-segment.ts";
import type { SampleTime } from "./sample-time.ts";
import type { SegmentContainer } from "./segment-container.ts";

/** What is known at its begin. */
export interface SegmentBegin {
  readonly container: SegmentContainer;
  readonly format: StreamFormat;
  readonly init: Init | null;
  readonly from: number;
  readonly start: SampleTime;
  readonly wallMs: number;
  readonly isDiscontinuous: boolean;
}

/** A title that begins this soon after a segment is in that segment's tag already. */
const TITLE_MS = 1000;

export class OpenSegment {
  #samples = 0;
  #bytes = 0;
  #count = 0;
  #parts: Frames[] = [];
  #preamble: Uint8Array | null | undefined = null;

  constructor(
    readonly begin: SegmentBegin,
    private title: Metadata,
  ) {}

  get samples(): number {
    return this.#samples;
  }

  /** The moment behind its last frame. */
  get end(): SampleTime {
    return this.begin.start.plus(this.#samples);
  }

  /** From its end so far on. */
  retitle(title: Metadata): void {
    if (this.end.ms - this.begin.start.ms <= TITLE_MS) this.title = title;
  }

  add(frames: Frames): void {
    this.#samples += sum(frames.samples);
    this.#bytes += frames.bytes.length;
    this.#count += frames.count;
    if (this.#parts.length === 0) this.#preamble = frames.preamble;
    if (this.begin.container.keepsTables) this.#parts.push(tablesOf(frames));
  }

  closed(number: number): MediaSegment {
    const { begin, title } = this;
    return {
      ...begin,
      number,
      to: begin.from + this.#bytes,
      samples: this.#samples,
      frames: this.#frames,
      title,
      extraBytes: begin.container.extraBytes(this.#count, title),
    };
  }

  get #frames(): Frames {
    const parts = this.#parts;
    if (parts.length === 0) return NO_FRAMES;
    const table = joined(parts.map((part) => part.table));
    const samples = joined(parts.map((part) => part.samples));
    const seconds = this.#samples / this.begin.format.sampleRate;
    const preamble = this.#preamble ?? null;
    return { ...NO_FRAMES, table, samples, count: samples.length, seconds, preamble };
  }
}

function tablesOf(frames: Frames): Frames {
  const { table, samples } = frames;
  return { ...frames, bytes: NO_FRAMES.bytes, table: table.slice(), samples: samples.slice() };
}

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const length = parts.reduce((total, part) => total + part.length, 0);
  const all = new Uint32Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function sum(samples: Uint32Array): number {
  let total = 0;
  for (const one of samples) total += one;
  return total;
}
