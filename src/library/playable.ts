// Whether a file can be played from: what is in it, and why not.
import { createParser } from "../format/create-parser.ts";
import { codecName, DETECT_BYTES, type DetectedCodec, Detector } from "../format/detect.ts";
import type { Extent, RangeReader } from "../format/tags/extent.ts";
import { foreignName } from "../format/foreign.ts";
import type { FrameParser } from "../format/frame.ts";

/** So much without a frame is the end of what can be played. */
export const MAX_GARBAGE_BYTES = 16 << 20;

/** In the first of them a foreign file names itself. */
const NAME_BYTES = 1024;

export const NO_AUDIO = "it holds no audio that can be played";
export const NO_FILE = "it is not a file";

/** What files are played from; WebM has no place to start in them that players agree on. */
const PLAYABLE: ReadonlySet<DetectedCodec> = new Set(["mp3", "aac", "ogg"]);

/** What is wrong with the file itself; other errors of the system pass. */
const LASTING_ERRORS: ReadonlySet<string> = new Set([
  "EACCES",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENXIO",
  "EPERM",
]);

/** A file that cannot be played; the message says why in a few words. */
export class TrackError extends Error {
  override readonly name = "TrackError";
}

/** Why a file failed, and whether it will again unless it changes. */
export interface Failure {
  readonly why: string;
  readonly isLasting: boolean;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof TrackError) return { why: error.message, isLasting: true };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return { why: `it cannot be read (${code})`, isLasting: LASTING_ERRORS.has(code) };
}

/** By the first bytes behind its tags, whatever the file is called. Throws TrackError. */
export async function parserFor(reader: RangeReader, extent: Extent): Promise<FrameParser> {
  const codec = await codecOf(reader, extent);
  const isNamed = codec === "ogg" || codec === "webm";
  const foreign = isNamed ? null : foreignName(await reader(extent.start, NAME_BYTES));
  if (foreign !== null) throw new TrackError(`it is ${foreign}, which cannot be played`);
  const parser = PLAYABLE.has(codec) ? createParser(codec) : null;
  if (parser !== null) return parser;
  throw new TrackError(
    codec === "unknown" ? NO_AUDIO : `it is ${codecName(codec)}, which cannot be played`,
  );
}

/** A file shorter than two frames tells nothing for sure; MPEG audio can be so short. */
async function codecOf(reader: RangeReader, { start, end }: Extent): Promise<DetectedCodec> {
  const detector = new Detector();
  const last = Math.min(end, start + MAX_GARBAGE_BYTES);
  for (let at = start; at < last;) {
    const chunk = await reader(at, Math.min(DETECT_BYTES, last - at));
    const codec = chunk.length === 0 ? "mp3" : detector.push(chunk);
    if (codec !== null) return codec;
    at += chunk.length;
  }
  return "mp3";
}
