// The segment that grows: what is known of its frames, which lie in the ring or are copied. With a length of parts it is cut
// into files that players can have before it is complete.
import type { Frames, StreamFormat } from "../format/frame.ts";
import { copyFrames, sliceFrames } from "../format/frame-slice.ts";
import { concatBytes } from "../format/parts/bytes.ts";
import type { Metadata } from "../mount/metadata.ts";
import type { GrowingSegment, Init, MediaFile, MediaSegment } from "./media-segment.ts";
import type { SampleTime } from "./sample-time.ts";
import type { Rewrap, SegmentContainer } from "./segment-container.ts";

/** What is known at its begin. */
export interface SegmentBegin {
  readonly run: string;
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
  /** Samples of a part; null if the segment has none. */
  readonly partSamples: number | null;
}

/** A title that begins this soon after a segment is in that segment's tag already. */
const TITLE_MS = 1000;

/** Frames that make a file; with parts there are several in a segment. */
interface Piece {
  /** Before it in the segment. */
  readonly samplesBefore: number;
  readonly bytesBefore: number;
  readonly title: Metadata;
  readonly frames: Frames[];
}

export class OpenSegment {
  #samples = 0;
  #bytes = 0;
  #count = 0;
  #latestTitle: Metadata;
  #piece: Piece;
  #number: number | null = null;
  readonly #files: MediaFile[] = [];

  constructor(
    private first: SegmentBegin,
    private title: Metadata,
    /** Of a segment that begins there; asked for once, when the first file is made. */
    private readonly numberAt: (start: SampleTime) => number,
  ) {
    this.#latestTitle = title;
    this.#piece = this.#nextPiece();
  }

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
    this.#latestTitle = title;
    if (this.end.ms - this.begin.start.ms <= TITLE_MS) this.title = title;
  }

  add(frames: Frames): void {
    for (let rest = frames; rest.count > 0;) {
      const count = this.#room(rest);
      this.#take(count === rest.count ? rest : sliceFrames(rest, 0, count));
      rest = count === rest.count ? { ...rest, count: 0 } : sliceFrames(rest, count);
    }
  }

  /** The parts that are complete. */
  get parts(): readonly MediaFile[] {
    return this.begin.partSamples === null ? [] : this.#files;
  }

  grown(): GrowingSegment {
    return { ...this.begin, number: this.#numberOf(), parts: [...this.parts] };
  }

  closed(): MediaSegment {
    if (this.#samples > this.#piece.samplesBefore) this.#makeFile();
    const { begin, title } = this;
    const { container, from } = begin;
    return {
      ...this.grown(),
      ...{ from, to: from + this.#bytes, start: begin.start, samples: this.#samples },
      ...(begin.partSamples === null ? { file: this.#files[0]?.file ?? null } : this.#joined()),
      title,
      extraBytes: container.extraBytes(this.#count, title),
    };
  }

  /** The frames from here on that the part in progress has room for: it ends with the first one that makes it as long as parts are. */
  #room({ samples, count }: Frames): number {
    const { partSamples } = this.begin;
    if (partSamples === null) return count;
    let length = this.#samples - this.#piece.samplesBefore;
    for (let i = 0; i < count; i++) {
      length += samples[i] ?? 0;
      if (length >= partSamples) return i + 1;
    }
    return count;
  }

  #take(frames: Frames): void {
    this.#samples += sum(frames.samples);
    this.#bytes += frames.bytes.length;
    this.#count += frames.count;
    if (this.begin.rewrap !== null) this.#piece.frames.push(copyFrames(frames));
    const { partSamples } = this.begin;
    if (partSamples === null) return;
    if (this.#samples - this.#piece.samplesBefore >= partSamples) this.#makeFile();
  }

  #makeFile(): void {
    const { samplesBefore, bytesBefore, title, frames } = this.#piece;
    const { rewrap, container, format, from } = this.begin;
    const number = this.#numberOf();
    const start = this.begin.start.plus(samplesBefore);
    this.#files.push({
      ...{ number, container, format, start, title },
      from: from + bytesBefore,
      to: from + this.#bytes,
      file: rewrap?.segment({ parts: frames, start, number }) ?? null,
      samples: this.#samples - samplesBefore,
    });
    this.#piece = this.#nextPiece();
  }

  #nextPiece(): Piece {
    const title = this.#latestTitle;
    return { samplesBefore: this.#samples, bytesBefore: this.#bytes, title, frames: [] };
  }

  /** The files of its parts in a row; they become views of it, so that their bytes are in memory once. */
  #joined(): Pick<MediaSegment, "file" | "parts"> {
    const parts = this.#files;
    if (this.begin.rewrap === null) return { file: null, parts };
    const file = concatBytes(parts.map((part) => part.file ?? new Uint8Array(0)));
    let at = 0;
    const views = parts.map((part) => {
      const from = at;
      at += part.file?.length ?? 0;
      return { ...part, file: file.subarray(from, at) };
    });
    return { file, parts: views };
  }

  #numberOf(): number {
    return (this.#number ??= this.numberAt(this.begin.start));
  }
}

function sum(samples: Uint32Array): number {
  let total = 0;
  for (const one of samples) total += one;
  return total;
}
