// What a container has to do: turn whole frames of a mount into segments of a playlist.
import type { Frames, StreamFormat } from "../format/frame.ts";
import type { Metadata } from "../mount/metadata.ts";
import type { SampleTime } from "./sample-time.ts";

/** The audio of one segment. */
export interface SegmentAudio {
  readonly format: StreamFormat;
  /** All frames, of one preamble or of several. Their bytes are the ring's memory: copy them. `table` and `samples` are
   * empty and `count` is 0 unless the container `keepsTables`. Frames that are a copy of a preamble last 0 samples. */
  readonly frames: Frames;
  /** Of the first sample. */
  readonly start: SampleTime;
  /** Per channel. */
  readonly samples: number;
  /** Media sequence number. */
  readonly number: number;
  /** In force at the segment's begin. */
  readonly title: Metadata;
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
  /** Its segments need the length and duration of each frame. */
  readonly keepsTables: boolean;
  /** What decoders need before the frames of a preamble; null if they need nothing. Where its bytes change, segments go on
   * behind a discontinuity. */
  init(format: StreamFormat, preamble: Uint8Array | null): Uint8Array | null;
  /** A segment that a player can fetch; a copy. */
  segment(audio: SegmentAudio): Uint8Array<ArrayBuffer>;
  /** Bytes of a segment beside its frames, for so many frames with this title; an estimate is not less. */
  extraBytes(frames: number, title: Metadata): number;
  /** Length of the longest unit of audio that cannot be cut, in seconds. */
  readonly unitSeconds: number;
}
