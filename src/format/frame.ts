// The vocabulary every parser and every consumer of frames shares; nothing here knows a codec's syntax.

export type Codec = "mp3" | "mp2" | "mp1";

/** What a mount holds constant: players stop or play at the wrong speed when one of these changes. */
export interface StreamFormat {
  readonly codec: Codec;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
}

/** Words per frame in `Frames.table`; the layout of rc_frame in core-c/radiocore.h. */
export const FRAME_WORDS = 3;

/** Flag in the third word: a decoder may start at this frame. */
export const FRAME_SYNC = 1;

/**
 * Whole frames in playing order, all of one StreamFormat.
 * The arrays belong to the parser and hold until its next push() or end(); copy what must live longer.
 */
export interface Frames {
  /** The frames back to back; empty when count is 0 (never hand an empty view to native code). */
  readonly bytes: Uint8Array;
  /** FRAME_WORDS words a frame: length in bytes, duration in µs, flags. Durations add up without drift. */
  readonly table: Uint32Array;
  /** Samples per channel of each frame: samples / format.sampleRate is its exact duration for pacing. */
  readonly samples: Uint32Array;
  readonly count: number;
  /** Playing time of the batch, exact: the samples of all frames over the sample rate. */
  readonly seconds: number;
}

/** Chunk in, frames out. Takes any bytes, never throws, holds back at most one frame and a header. */
export interface FrameParser {
  /** The frames this chunk completed. The chunk is not kept and not changed. */
  push(chunk: Uint8Array): Frames;
  /** The input is over: a last frame that only waited for its successor; the rest becomes garbage. Nothing may be pushed after it. */
  end(): Frames;
  /** Fixed by the first lock; every frame ever returned is of this format. */
  readonly format: StreamFormat | null;
  /** The format the input has changed to for good (its frames are garbage); null while it keeps to its own. */
  readonly foreignFormat: StreamFormat | null;
  /** Bytes dropped so far: everything that was in no frame, inline tags included. */
  readonly garbageBytes: number;
  /** kbit/s, rounded average of all frames so far; 0 before the first. */
  readonly bitrate: number;
}

export const noFrames: Frames = Object.freeze({
  bytes: new Uint8Array(0),
  table: new Uint32Array(0),
  samples: new Uint32Array(0),
  count: 0,
  seconds: 0,
});

/** Whether audio of both formats may follow each other on one mount. */
export function sameFormat(a: StreamFormat, b: StreamFormat): boolean {
  return a.codec === b.codec && a.sampleRate === b.sampleRate && a.channels === b.channels;
}

/** For people: "MP3 44.1 kHz stereo". */
export function describeFormat(format: StreamFormat): string {
  return `${format.codec.toUpperCase()} ${format.sampleRate / 1000} kHz ${channelName(format.channels)}`;
}

function channelName(channels: number): string {
  if (channels === 1) return "mono";
  return channels === 2 ? "stereo" : `${channels} channels`;
}
