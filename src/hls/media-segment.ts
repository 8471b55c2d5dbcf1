// One segment of a media playlist, and its parts. Their audio lies in the mount's ring until it is overwritten there.
import type { StreamFormat } from "../format/frame.ts";
import type { Metadata } from "../mount/metadata.ts";
import type { SampleTime } from "./sample-time.ts";
import type { SegmentContainer } from "./segment-container.ts";

/** What decoders need before the frames: a file of its own. */
export interface Init {
  /** The first part of its name. */
  readonly run: string;
  /** Counts from 0 within a run. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Audio that players fetch as one file: a segment, or a part of one. */
export interface MediaFile {
  /** Media sequence number of the segment. */
  readonly number: number;
  readonly container: SegmentContainer;
  readonly format: StreamFormat;
  /** Bytes of the ring, from <= i < to. */
  readonly from: number;
  readonly to: number;
  /** null if its audio is in the ring. */
  readonly file: Uint8Array<ArrayBuffer> | null;
  readonly start: SampleTime;
  readonly samples: number;
  readonly title: Metadata;
}

/** What is known of a segment while it grows. */
export interface GrowingSegment {
  /** The first part of its files' names: those of an earlier run keep theirs. */
  readonly run: string;
  /** Media sequence number: the next one has the next number. */
  readonly number: number;
  readonly container: SegmentContainer;
  readonly format: StreamFormat;
  /** null if its container needs none. */
  readonly init: Init | null;
  /** Where it begins on the mount's timeline. */
  readonly fromSeconds: number;
  /** Time of day of its first sample, in milliseconds since 1970. */
  readonly wallMs: number;
  /** Players can not go on from the segment before it without a seam. */
  readonly isDiscontinuous: boolean;
  /** In order; none if it is offered as a whole only. */
  readonly parts: readonly MediaFile[];
}

export interface MediaSegment extends MediaFile, GrowingSegment {
  /** Bytes beside the frames. */
  readonly extraBytes: number;
}

export function secondsOf({ samples, format }: Pick<MediaFile, "samples" | "format">): number {
  return samples / format.sampleRate;
}

export function isDiscontinuity({ isDiscontinuous }: GrowingSegment): boolean {
  return isDiscontinuous;
}

/** Time of day behind the last part, in milliseconds since 1970. */
export function partsEndMs({ wallMs, parts }: GrowingSegment): number {
  return parts.reduce((ms, part) => ms + secondsOf(part) * 1000, wallMs);
}

/** Bytes as a file. */
export function sizeOf({ from, to, extraBytes, file }: MediaSegment): number {
  return file?.length ?? to - from + extraBytes;
}

/** Bits a second. */
export function bitrateOf(segment: MediaSegment): number {
  return (sizeOf(segment) * 8) / secondsOf(segment);
}

/** The part of a ring that is read. */
export interface AudioMemory {
  readonly memory: Uint8Array;
  readonly capacity: number;
  readonly tail: number;
  readonly isClosed: boolean;
}

/** The file's bytes; null if its audio is overwritten. */
export function fileBytes(media: MediaFile, ring: AudioMemory): Uint8Array<ArrayBuffer> | null {
  const { from, to, container, file } = media;
  if (file !== null) return file;
  if (ring.isClosed || from < ring.tail) return null;
  const at = from % ring.capacity;
  const bytes = ring.memory.subarray(at, at + to - from);
  return container.segment({ ...media, bytes });
}
