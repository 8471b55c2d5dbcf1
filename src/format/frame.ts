// Types common to all parsers and consumers of frames, independent of codecs.
import type { Titled } from "../lib/titled.ts";

type OggCodecName = "vorbis" | "opus" | "flac" | "speex";
type WebmCodecName = "webm-opus" | "webm-vorbis";
type MatroskaCodecName = "matroska-flac" | "matroska-aac" | "matroska-mp3";

/** Codec with container: players cannot switch between these in mid-stream. */
export type Codec =
  "mp3" | "mp2" | "mp1" | "aac" | OggCodecName | WebmCodecName | MatroskaCodecName;

/** The properties that a mount keeps constant: players stop or play at the wrong speed if one changes. */
export interface StreamFormat {
  readonly codec: Codec;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** FLAC only: its decoders cannot change it in mid-stream. */
  readonly bitsPerSample?: number;
}

/** Words per frame in `Frames.table`; the layout of rc_frame in core-c/radiocore.h. */
export const FRAME_WORDS = 3;

/** Flag in the third word: a decoder may start at this frame. */
export const FRAME_SYNC = 1;

/** Artist and title from the stream itself; one of them may be empty, not both. */
export type StreamMetadata = Titled;

/**
 * Whole frames in playing order, all with the same StreamFormat and preamble, if the codec has one.
 * The arrays belong to the parser and are valid until its next push(), next() or end(); copy them to keep them.
 */
export interface Frames {
  /** The frames back to back; empty if count is 0 (native code must not get an empty view). */
  readonly bytes: Uint8Array;
  /** FRAME_WORDS words per frame: length in bytes, duration in µs, flags. Durations add up without drift. */
  readonly table: Uint32Array;
  /** Samples per channel of each frame; samples / format.sampleRate is its exact duration. */
  readonly samples: Uint32Array;
  readonly count: number;
  /** Exact playing time of the batch: the samples of all frames divided by the sample rate. */
  readonly seconds: number;
  /**
   * Bytes that a decoder needs before any of these frames. All batches of a chain share one immutable object; a new
   * object means that a new chain begins with the first frame of this batch. Those first frames are the preamble
   * itself, for present listeners: they last 0 s, and decoders cannot start there. Absent or null if decoders can
   * start at any FRAME_SYNC frame.
   */
  readonly preamble?: Uint8Array | null;
  /** The stream's own metadata for these frames; the same object until it changes. Absent or null without any. */
  readonly metadata?: StreamMetadata | null;
}

/**
 * Turns chunks into frames. Accepts any bytes, never throws, and retains at most one frame and a header or preamble.
 * `for (let f = parser.push(chunk); f.count > 0; f = parser.next())` gets all frames that a chunk completed.
 */
export interface FrameParser {
  /** The frames that this chunk completed, up to the next preamble. The chunk is neither kept nor changed. */
  push(chunk: Uint8Array): Frames;
  /** Further frames after those returned last, beginning with a preamble; none at the end. */
  next(): Frames;
  /** Ends the input: a last frame that was waiting for its successor; the rest is garbage. Nothing may be pushed after it. */
  end(): Frames;
  /** Sets a title from outside the stream, if the codec can embed one; a title that follows soon replaces it. */
  retitle?(metadata: StreamMetadata): void;
  /** Determined by the first frames; all frames have this format. */
  readonly format: StreamFormat | null;
  /** The format that the input has permanently changed to, whose frames are garbage; null if it has not. */
  readonly foreignFormat: StreamFormat | null;
  /** Bytes outside of frames so far, including inline tags. */
  readonly garbageBytes: number;
  /** Garbage bytes that were tags with a known length. */
  readonly tagBytes?: number;
  /** kbit/s, the rounded average of all frames so far; 0 before the first. */
  readonly bitrate: number;
}

export const NO_FRAMES: Frames = Object.freeze({
  bytes: new Uint8Array(0),
  table: new Uint32Array(0),
  samples: new Uint32Array(0),
  count: 0,
  seconds: 0,
});

/** Whether players can go on from one format to the other. */
export function sameFormat(a: StreamFormat, b: StreamFormat): boolean {
  const isAlike = a.sampleRate === b.sampleRate && a.channels === b.channels;
  return a.codec === b.codec && isAlike && a.bitsPerSample === b.bitsPerSample;
}

/** For messages: "MP3 44.1 kHz stereo", "Ogg FLAC 48 kHz 24 bit mono". */
export function describeFormat(format: StreamFormat): string {
  const { codec, sampleRate, channels, bitsPerSample } = format;
  const bits = bitsPerSample === undefined ? "" : ` ${bitsPerSample} bit`;
  return `${CODEC_NAMES[codec]} ${sampleRate / 1000} kHz${bits} ${channelName(channels)}`;
}

/** "MP3", "Ogg Opus" */
export function codecLabel(codec: Codec): string {
  return CODEC_NAMES[codec];
}

const CODEC_NAMES: Readonly<Record<Codec, string>> = {
  mp3: "MP3",
  mp2: "MP2",
  mp1: "MP1",
  aac: "AAC",
  vorbis: "Ogg Vorbis",
  opus: "Ogg Opus",
  flac: "Ogg FLAC",
  speex: "Ogg Speex",
  "webm-opus": "WebM Opus",
  "webm-vorbis": "WebM Vorbis",
  "matroska-flac": "Matroska FLAC",
  "matroska-aac": "Matroska AAC",
  "matroska-mp3": "Matroska MP3",
};

export const CODECS = Object.keys(CODEC_NAMES) as readonly Codec[];

function channelName(channels: number): string {
  if (channels === 1) return "mono";
  return channels === 2 ? "stereo" : `${channels} channels`;
}
