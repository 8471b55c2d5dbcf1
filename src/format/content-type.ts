// The Content-Type of a format.
import type { Codec, StreamFormat } from "./frame.ts";

/** The Content-Type for listeners. Opus is audio/ogg too: browsers download audio/opus instead of playing it. */
export function contentTypeOf(format: StreamFormat): string {
  return TYPE_BY_CODEC[format.codec];
}

/** Whether the format tolerates inline titles (ICY metadata) between its frames. */
export function hasInlineTitles(format: StreamFormat): boolean {
  const type = contentTypeOf(format);
  return type === "audio/mpeg" || type === "audio/aac";
}

/** Whether a stream of the format is pages of Ogg. */
export function isOgg(format: StreamFormat): boolean {
  return contentTypeOf(format) === "audio/ogg";
}

/** Whether recordings of the format are played to listeners of the past. WebM is not: its blocks are dated from the start. */
export function isReplayed(format: StreamFormat): boolean {
  return hasInlineTitles(format) || isOgg(format);
}

const TYPE_BY_CODEC: Readonly<Record<Codec, string>> = {
  mp3: "audio/mpeg",
  mp2: "audio/mpeg",
  mp1: "audio/mpeg",
  aac: "audio/aac",
  vorbis: "audio/ogg",
  opus: "audio/ogg",
  flac: "audio/ogg",
  speex: "audio/ogg",
  "webm-opus": "audio/webm",
  "webm-vorbis": "audio/webm",
  "matroska-flac": "audio/x-matroska",
  "matroska-aac": "audio/x-matroska",
  "matroska-mp3": "audio/x-matroska",
};

/** Without duplicates. */
export const CONTENT_TYPES: readonly string[] = [...new Set(Object.values(TYPE_BY_CODEC))];
