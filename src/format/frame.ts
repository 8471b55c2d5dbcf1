// The vocabulary every parser and every consumer of frames shares; nothing here knows a codec's syntax.
import type { Titled } from "../lib/titled.ts";

type OggCodecName = "vorbis" | "opus" | "flac" | "speex";
type WebmCodecName = "webm-opus" | "webm-vorbis";
type MatroskaCodecName = "matroska-flac" | "matroska-aac" | "matroska-mp3";

/** Codec and container together: a player that follows one in mid-stream does not follow another. */
export type Codec =
  "mp3" | "mp2" | "mp1" | "aac" | OggCodecName | WebmCodecName | MatroskaCodecName;

/** What a mount holds constant: players stop or play at the wrong speed when one of these changes. */
export interface StreamFormat {
  readonly codec: Codec;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** Of FLAC, whose decoders do not follow another in mid-stream; absent elsewhere. */
  readonly bitsPerSample?: number;
}

/** Words per frame in `Frames.table`; the layout of rc_frame in core-c/radiocore.h. */
export const FRAME_WORDS = 3;

/** Flag in the third word: a decoder may start at this frame. */
export const FRAME_SYNC = 1;

/** Artist and title as the stream itself tells them; one of them may be empty, never both. */
export type StreamMetadata = Titled;

/**
 * Whole frames in playing order, all of one StreamFormat and, where a codec has one, of one preamble.
 * The arrays belong to the parser and hold until its next push(), next() or end(); copy what must live longer.
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
  /**
   * What a decoder must have been given before any of these frames, in the order it wants it. Every batch of a
   * chain has the same object, never changed and free to keep: another object means that a new chain begins with
   * the first frame of this batch. Those first frames are the preamble itself, for listeners who are there
   * already; they play 0 s and are no place to start. Absent or null when any FRAME_SYNC frame will do.
   */
  readonly preamble?: Uint8Array | null;
  /** What the stream says is playing in these frames; the same object while it holds. Absent or null: nothing. */
  readonly metadata?: StreamMetadata | null;
}

/**
 * Chunk in, frames out. Takes any bytes, never throws, holds back at most one frame and a header or preamble.
 * `for (let f = parser.push(chunk); f.count > 0; f = parser.next())` sees everything a chunk completed.
 */
export interface FrameParser {
  /** The frames this chunk completed, up to where a new preamble begins. The chunk is not kept and not changed. */
  push(chunk: Uint8Array): Frames;
  /** The frames behind those returned last, from the preamble that begins there; none when all are told. */
  next(): Frames;
  /** The input is over: a last frame that only waited for its successor; the rest becomes garbage. Nothing may be pushed after it. */
  end(): Frames;
  /** A title told beside the input, for codecs whose stream can carry it; one that follows soon replaces it. */
  retitle?(metadata: StreamMetadata): void;
  /** Fixed by the first lock; every frame ever returned is of this format. */
  readonly format: StreamFormat | null;
  /** The format the input has changed to for good (its frames are garbage); null while it keeps to its own. */
  readonly foreignFormat: StreamFormat | null;
  /** Bytes dropped so far: everything that was in no frame, inline tags included. */
  readonly garbageBytes: number;
  /** Of these, bytes of tags that said their length. */
  readonly tagBytes?: number;
  /** kbit/s, rounded average of all frames so far; 0 before the first. */
  readonly bitrate: number;
}

export const NO_FRAMES: Frames = Object.freeze({
  bytes: new Uint8Array(0),
  table: new Uint32Array(0),
  samples: new Uint32Array(0),
  count: 0,
  seconds: 0,
});

/** Whether audio of both formats may follow each other on one mount. */
export function sameFormat(a: StreamFormat, b: StreamFormat): boolean {
  const isAlike = a.sampleRate === b.sampleRate && a.channels === b.channels;
  return a.codec === b.codec && isAlike && a.bitsPerSample === b.bitsPerSample;
}

/** For people: "MP3 44.1 kHz stereo", "Ogg FLAC 48 kHz 24 bit mono". */
export function describeFormat(format: StreamFormat): string {
  const { codec, sampleRate, channels, bitsPerSample } = format;
  const bits = bitsPerSample === undefined ? "" : ` ${bitsPerSample} bit`;
  return `${CODEC_NAMES[codec]} ${sampleRate / 1000} kHz${bits} ${channelName(channels)}`;
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

function channelName(channels: number): string {
  if (channels === 1) return "mono";
  return channels === 2 ? "stereo" : `${channels} channels`;
}
