// The segment that grows: what is known of its frames, which lie in the ring or are copied.
import type { Frames, StreamFormat } from "../format/frame.ts";
import { copyFrames } from "../format/frame-slice.ts";
import type { Metadata } from "../mount/metadata.ts";
import type { Init, MediaSegment } from "./media-segment.ts";
import type { SampleTime } from "./sample-time.ts";
import type { Rewrap, SegmentContainer } from "./segment-container.ts";

/** What is known at its begin. */
export interface SegmentBegin {
  readonly container: SegmentContainer;
  readonly format: StreamFormat;
  /** null if the frames lie in the ring as they are. */
  readonly rewrap: Rewrap | null;
  readonly init: Init | null;
  readonly from: number;
  readonly start: SampleTime;
  readonly fromSeconds: number;
  readonly wallMs: number;
  readonly isDiscontinuous: boolean;
}

/** A title that begins this soon after a segment is in that segment's tag already. */
const TITLE_MS = 1000;

export class OpenSegment {
  #samples = 0;
  #bytes = 0;
  #count = 0;
  readonly #parts: Frames[] = [];

  constructor(
    private first: SegmentBegin,
    private title: Metadata,
  ) {}

  get begin(): SegmentBegin {
    return this.first;
  }

  /** It began at another moment. */
  move(start: SampleTime, wallMs: number): void {
    this.first = { ...this.first, start, wallMs };
  }

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
    if (this.begin.rewrap !== null) this.#parts.push(copyFrames(frames));
  }

  closed(number: number): MediaSegment {
    const { begin, title } = this;
    const { rewrap, start } = begin;
    return {
      ...begin,
      number,
      to: begin.from + this.#bytes,
      samples: this.#samples,
      file: rewrap?.segment({ parts: this.#parts, start, number }) ?? null,
      title,
      extraBytes: begin.container.extraBytes(this.#count, title),
    };
  }
}

function sum(samples: Uint32Array): number {
  let total = 0;
  for (const one of samples) total += one;
  return total;
}
