// Whether a file can be played: detects its content, or explains why not.
import { createParser } from "../format/create-parser.ts";
import { codecName, DETECT_BYTES, type DetectedCodec, Detector } from "../format/detect.ts";
import type { Extent, RangeReader } from "../format/tags/extent.ts";
import { foreignName } from "../format/foreign.ts";
import type { FrameParser } from "../format/frame.ts";
import type { OggOptions } from "../format/ogg/ogg.ts";

/** A file with this much garbage between frames is given up. */
export const MAX_GARBAGE_BYTES = 16 << 20;

/** Enough to detect the codec of most files. */
const FIRST_BYTES = 4096;

/** Enough to identify a foreign file by its signature. */
const NAME_BYTES = 1024;

export const NO_AUDIO = "it has no playable audio";
export const NO_FILE = "it is not a file";

/** Codecs that can be played from files; players disagree on where a WebM stream may start. */
const PLAYABLE: ReadonlySet<DetectedCodec> = new Set(["mp3", "aac", "ogg"]);

/** Errors of the file itself; other system errors pass. */
const LASTING_ERRORS: ReadonlySet<string> = new Set([
  "EACCES",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENXIO",
  "EPERM",
]);

/** A file that cannot be played; the message is a short reason. */
export class TrackError extends Error {
  override readonly name = "TrackError";
}

/** It is audio, but nothing that plays as it is: a converter may make something of it. */
export class ForeignError extends TrackError {}

/** Why a file failed, and whether the failure is permanent until the file changes. */
export interface Failure {
  readonly why: string;
  readonly isLasting: boolean;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof TrackError) return { why: error.message, isLasting: true };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return { why: `it cannot be read (${code})`, isLasting: LASTING_ERRORS.has(code) };
}

/** Detects by the first bytes after the tags, whatever the extension. Throws TrackError. */
export async function parserFor(
  reader: RangeReader,
  extent: Extent,
  options: OggOptions = {},
): Promise<FrameParser> {
  const codec = await codecOf(reader, extent);
  const isNamed = codec === "ogg" || codec === "webm";
  const foreign = isNamed ? null : foreignName(await reader(extent.start, NAME_BYTES));
  if (foreign !== null) throw foreignError(foreign);
  const parser = PLAYABLE.has(codec) ? createParser(codec, options) : null;
  if (parser !== null) return parser;
  throw codec === "unknown" ? new TrackError(NO_AUDIO) : foreignError(codecName(codec));
}

/** Names that stand for no audio. */
const NOT_AUDIO: ReadonlySet<string> = new Set(["HTML", "text", "PDF", "a ZIP archive", "MIDI"]);

function foreignError(name: string): TrackError {
  const why = `it is ${name}, which is not supported`;
  return NOT_AUDIO.has(name) ? new TrackError(why) : new ForeignError(why);
}

/** A file shorter than two frames is ambiguous, except that MPEG audio can be that short. */
async function codecOf(reader: RangeReader, { start, end }: Extent): Promise<DetectedCodec> {
  const detector = new Detector();
  const last = Math.min(end, start + MAX_GARBAGE_BYTES);
  for (let at = start, most = FIRST_BYTES; at < last; most = DETECT_BYTES) {
    const chunk = await reader(at, Math.min(most, last - at));
    const codec = chunk.length === 0 ? "mp3" : detector.push(chunk);
    if (codec !== null) return codec;
    at += chunk.length;
  }
  return "mp3";
}
