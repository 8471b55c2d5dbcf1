// What a library asks of the converter: measurements of a track, and a copy in another format.
import type { Measured } from "../audio/measure-pcm.ts";
import type { StreamFormat } from "../format/frame.ts";

/** What a converted track has to be. */
export interface Target {
  readonly codec: "mp3" | "vorbis" | "opus" | "aac" | "flac";
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** kbit/s; the nearest that the codec has is used. */
  readonly bitrate: number;
  /** LUFS to reach, with peaks of -1 dBTP at most; null leaves the level, for codecs whose level is changed in passing. */
  readonly loudness: number | null;
  /** FLAC only: 16 or 24. */
  readonly bitsPerSample?: number | undefined;
}

export interface Source {
  /** Absolute. */
  readonly path: string;
  /** Changes with the file: its size, its date, its identity. */
  readonly version: string;
}

export interface AudioTags {
  readonly title: string;
  readonly artist: string;
  readonly album: string;
}

export interface Analysis extends Measured {
  /** Null without a title, and for MP3 and Ogg, whose tags the library reads itself. */
  readonly tags: AudioTags | null;
}

export interface Converted {
  /** Absolute, in the cache. */
  readonly path: string;
  readonly format: StreamFormat;
  /** Exact. */
  readonly seconds: number;
  /** LUFS of the converted track; null as in Analysis. */
  readonly loudness: number | null;
  /** dBTP of the converted track; null for silence. */
  readonly truePeak: number | null;
}

/** A job that is being done. */
export interface RunningJob {
  /** "analyse", "convert", … */
  readonly kind: string;
  /** The file. */
  readonly path: string;
  /** Seconds of audio done. */
  readonly seconds: number;
}

export interface FailedJob {
  readonly kind: string;
  readonly path: string;
  /** "it is empty" */
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** What a converter does, for people. */
export interface ConverterState {
  readonly running: RunningJob | null;
  /** Jobs that wait, by kind. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Seconds of audio a second; null while that is unknown. */
  readonly speed: number | null;
  /** The latest first; truncated. */
  readonly failures: readonly FailedJob[];
}

/** Seconds from the start to the first sound, to the end of the last, and to where the track fades out; null: unknown. */
export interface CuePoints {
  readonly cueIn: number | null;
  readonly cueOut: number | null;
  readonly fadeFrom: number | null;
}

/** One of two MP3 tracks that are faded into each other. */
export interface SeamTrack extends CuePoints {
  /** What is read: the file, or a converted copy. */
  readonly path: string;
  /** The file, whose tags count. */
  readonly source: string;
  /** fileVersion() of what is read. */
  readonly version: string;
  /** By which its gain fields are changed as it plays. */
  readonly steps: number;
}

export interface SeamWish {
  readonly from: SeamTrack;
  readonly to: SeamTrack;
  /** Length of the fade. */
  readonly seconds: number;
}

/** The frames between two tracks, whose own frames are counted from 0 without the info frame. */
export interface Seam {
  /** Number of the first frame of the first track that is not played. */
  readonly cut: number;
  /** Number of the first frame of the second track that is played. */
  readonly resume: number;
  /** Frames of the seam in which the first track is the louder one. */
  readonly middle: number;
  /** The seam's frames, in order. */
  readonly audio: Uint8Array;
}

/** Changes with the file. */
export function fileVersion({ size, mtimeMs }: { size: number; mtimeMs: number }): string {
  return `${size}:${mtimeMs}`;
}

/** A track that cannot be measured or converted; the message is a short reason: "it is empty". */
export class ConvertError extends Error {
  override readonly name = "ConvertError";

  constructor(
    message: string,
    /** It will fail again until the file changes. */
    readonly isLasting: boolean,
  ) {
    super(message);
  }
}

export interface Converter {
  readonly state: ConverterState;
  /** Why nothing can be converted at present, such as a full disk: a sentence, or null. */
  readonly stopped: string | null;
  /** Rejects with a ConvertError. */
  analyse(source: Source): Promise<Analysis>;
  /** If the file's analysis waits, it is next. */
  hurry(path: string): void;
  /** From the cache at once if it is there, else made, which takes seconds to minutes. Rejects with a ConvertError. */
  convert(source: Source, target: Target): Promise<Converted>;
  /** Rejects with a ConvertError if there is to be no seam. */
  seam(wish: SeamWish): Promise<Seam>;
  /** A converted track is being played: the cache keeps it longest. */
  touch(path: string): void;
  close(): void;
}
