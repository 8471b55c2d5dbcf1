// Recorded files as they can be played in parts: whole frames between moments that are known.
import type { StreamFormat } from "../format/frame.ts";

/** Some seconds of a recorded file. */
export interface RecordedStretch {
  /** Offset of its first frame in the file, and its length in bytes. */
  readonly byte: number;
  readonly bytes: number;
  /** Samples of the file before it, and its own, per channel. */
  readonly sample: number;
  readonly samples: number;
  /** When it was on air, in milliseconds since 1970. */
  readonly atMs: number;
}

/** The part of a recorded file that was on air between two moments. */
export interface RecordedPiece {
  /** Names the file in addresses; no other file has it. */
  readonly id: string;
  readonly format: StreamFormat;
  readonly stretches: readonly RecordedStretch[];
  /** In force from the sample on. */
  readonly titles: readonly RecordedTitle[];
}

export interface RecordedTitle {
  readonly sample: number;
  readonly artist: string;
  readonly title: string;
}
