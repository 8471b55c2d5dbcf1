// How a format is announced to listeners.
import type { Codec, StreamFormat } from "./frame.ts";

/** Content type for listeners. Opus is audio/ogg too: browsers save audio/opus as a file instead of playing it. */
export function contentTypeOf(format: StreamFormat): string {
  return TYPE_BY_CODEC[format.codec];
}

/** Whether titles may stand between the frames (ICY metadata); anywhere else they would be damage. */
export function hasInlineTitles(format: StreamFormat): boolean {
  const type = contentTypeOf(format);
  return type === "audio/mpeg" || type === "audio/aac";
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

/** Each of them once. */
export const CONTENT_TYPES: readonly string[] = [...new Set(Object.values(TYPE_BY_CODEC))];
