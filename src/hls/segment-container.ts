// What a container has to do: turn whole frames of a mount into segments of a playlist.
import type { Frames, StreamFormat } from "../format/frame.ts";
import type { Metadata } from "../mount/metadata.ts";
import type { SampleTime } from "./sample-time.ts";

/** The audio of one segment. */
export interface SegmentAudio {
  readonly format: StreamFormat;
  /** All frames back to back, in the ring's memory: copy them. */
  readonly bytes: Uint8Array;
  /** The first sample's. */
  readonly start: SampleTime;
  /** Per channel. */
  readonly samples: number;
  /** Media sequence number. */
  readonly number: number;
  /** In force at the segment's begin. */
  readonly title: Metadata;
}

/** Audio behind a rewrap. */
export interface RewrappedAudio {
  /** Copies of frames from take(), all of one preamble. */
  readonly parts: readonly Frames[];
  /** The first sample's. */
  readonly start: SampleTime;
  /** Media sequence number of the segment that it is, or belongs to. */
  readonly number: number;
}

export interface Rewrap {
  /** The same audio as frames that can be cut between. Their preamble is what decoders need in a file of its own: where it
   * changes, segments go on behind a discontinuity. Valid until the next call. */
  take(frames: Frames): Frames;
  /** A segment, or a part of one, that a player can fetch. To be asked for in order. */
  segment(audio: RewrappedAudio): Uint8Array<ArrayBuffer>;
}

export interface SegmentContainer {
  /** null: this container has no segments for the format. Else the name of its media playlists: formats of one name can
   * follow each other in one playlist, behind a discontinuity. */
  playlistName(format: StreamFormat): string | null;
  /** For EXT-X-STREAM-INF, such as "mp4a.40.2". */
  codecs(format: StreamFormat): string;
  /** Without a dot. */
  readonly ending: string;
  readonly contentType: string;
  /** Players can take its segments in parts. */
  readonly hasParts: boolean;
  /** For a mount whose frames cannot be cut and sent as they are; one for each stretch of one format. Absent if they can:
   * the audio then stays in the ring. */
  rewrap?(): Rewrap;
  /** A segment that a player can fetch; a copy. Not asked for with a rewrap. */
  segment(audio: SegmentAudio): Uint8Array<ArrayBuffer>;
  /** Bytes of a segment beside its frames, for so many frames with this title; an estimate is not less. */
  extraBytes(frames: number, title: Metadata): number;
  /** Length of the longest unit of audio that cannot be cut, in seconds. */
  readonly unitSeconds: number;
}
