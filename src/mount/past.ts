// The recorded past of a mount by the wall clock, for listeners who go back further than its ring.
import type { StreamFormat } from "../format/frame.ts";
import type { OggOrigin } from "../format/ogg/ogg-rebase.ts";
import type { OpenFile } from "../lib/open-file.ts";
import type { RecordedTitle } from "./recorded-piece.ts";

/** The start of a frame in a recorded file. From here on the file has whole frames as listeners heard them, up to
 * `endByte`. */
export interface RecordedPlace {
  /** Absolute path of the file. */
  readonly path: string;
  /** The path that it keeps when it is complete. */
  readonly name: string;
  readonly format: StreamFormat;
  /** Bytes of the file in front of its frames. */
  readonly headBytes: number;
  /** What the first chain of an Ogg file was before it was rebased; null: its pages are as they were heard. */
  readonly origin: OggOrigin | null;
  /** Offset in the file. */
  readonly byte: number;
  /** Number of the frame in the file, and its first sample per channel, both from 0. */
  readonly frame: number;
  readonly sample: number;
  /** When it was on air, in milliseconds since 1970. */
  readonly atMs: number;
  /** End of the audio that is on disk. */
  readonly endByte: number;
  /** Not later than the end of the audio that is on disk. */
  readonly endMs: number;
}

export interface Past {
  /** The oldest moment that is recorded, in milliseconds since 1970; null if nothing is. */
  readonly fromMs: number | null;
  /** The last known place at or before this moment, at most a few seconds before it; else the first one after it. null:
   * nothing is recorded from there on. Rejects when the disk fails. */
  at(atMs: number): Promise<RecordedPlace | null>;
  /** The start of the recorded file that follows; null if there is none yet, or the place's own file has grown since: at()
   * finds what is new in it. */
  after(place: RecordedPlace): Promise<RecordedPlace | null>;
  /** The last known place of the same file at or before a byte. Rejects when the disk fails. */
  before(place: RecordedPlace, byte: number): Promise<RecordedPlace>;
  /** Offsets in the place's file of frames whose moments are known, in order. Rejects when the disk fails. */
  marks(place: RecordedPlace): Promise<readonly number[]>;
  /** The titles of the place's file, in order; of one that grows, they grow. Rejects when the disk fails. */
  titles(place: RecordedPlace): Promise<readonly RecordedTitle[]>;
  /** Opens the file of a place. Rejects when the disk fails, and when the file was deleted. */
  open(place: RecordedPlace): Promise<OpenFile>;
}
