// What a library asks of the converter: measurements of a track, and a copy in another format.
import type { Measured } from "../audio/measure-pcm.ts";
import type { StreamFormat } from "../format/frame.ts";

/** What a converted track has to be. */
export interface Target {
  readonly codec: "mp3" | "vorbis";
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** kbit/s; the nearest that the codec has is used. */
  readonly bitrate: number;
  /** LUFS to reach, with peaks of -1 dBTP at most; null leaves the level, for codecs whose level is changed in passing. */
  readonly loudness: number | null;
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
  /** From the cache at once if it is there, else made, which takes seconds to minutes. Rejects with a ConvertError. */
  convert(source: Source, target: Target): Promise<Converted>;
  /** A converted track is being played: the cache keeps it longest. */
  touch(path: string): void;
  close(): void;
}
