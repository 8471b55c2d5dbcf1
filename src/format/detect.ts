// Names the codec of an input from its first bytes or its content type; playing it is another matter.
import { ADTS_HEAD_BYTES, parseAdtsHeader } from "./adts.ts";
import { id3v2Length, isText } from "./id3.ts";
import { parseMpegHeader } from "./mpeg.ts";

/** "mp3" stands for all layers of MPEG audio, "ogg" and "webm" for whatever those containers carry. */
export type DetectedCodec = "mp3" | "aac" | "ogg" | "flac" | "webm" | "unknown";

/** With this many bytes detectCodec always decides; more are not looked at. */
export const DETECT_BYTES = 32 << 10;

/**
 * The codec of an input that starts with these bytes; null when it takes more of them, up to DETECT_BYTES.
 * An answer never changes when more bytes arrive. At the end of a short input null means "unknown".
 */
export function detectCodec(firstBytes: Uint8Array): DetectedCodec | null {
  const isFinal = firstBytes.length >= DETECT_BYTES;
  const bytes = isFinal ? firstBytes.subarray(0, DETECT_BYTES) : firstBytes;
  const start = skipTags(bytes);
  // Hardly anyone but MP3 encoders puts ID3 tags first, so a tag too long to look behind is enough of a sign.
  if (start >= bytes.length) return isFinal ? "mp3" : null;
  return codecOfMagic(bytes, start) ?? codecOfSync(bytes, start, isFinal);
}

/** A content type without its parameters, lower-case: "audio/ogg" for "Audio/Ogg; codecs=opus". */
export function mediaTypeOf(contentType: string): string {
  const semicolon = contentType.indexOf(";");
  const type = semicolon < 0 ? contentType : contentType.slice(0, semicolon);
  return type.trim().toLowerCase();
}

/** The codec a content type promises; encoders often promise audio/mpeg whatever they send. */
export function codecOfContentType(contentType: string): DetectedCodec {
  return codecsByType.get(mediaTypeOf(contentType)) ?? "unknown";
}

/** For people, as in "cannot play Ogg yet". */
export function codecName(codec: DetectedCodec): string {
  return names[codec];
}

const names: Readonly<Record<DetectedCodec, string>> = {
  mp3: "MP3",
  aac: "AAC",
  ogg: "Ogg",
  flac: "FLAC",
  webm: "WebM",
  unknown: "an unknown format",
};

const typesByCodec: readonly (readonly [DetectedCodec, string])[] = [
  ["mp3", "audio/mpeg audio/mp3 audio/mpeg3 audio/x-mp3 audio/x-mpeg audio/x-mpeg-3 audio/mpa"],
  ["aac", "audio/aac audio/aacp audio/x-aac"],
  [
    "ogg",
    "application/ogg audio/ogg video/ogg application/x-ogg audio/x-ogg audio/opus audio/vorbis",
  ],
  ["flac", "audio/flac audio/x-flac application/flac"],
  [
    "webm",
    "audio/webm video/webm audio/matroska audio/x-matroska video/x-matroska video/x-matroska-3d",
  ],
];

const codecsByType = new Map(
  typesByCodec.flatMap(([codec, types]) => types.split(" ").map((type) => [type, codec])),
);

function skipTags(bytes: Uint8Array): number {
  let start = 0;
  for (;;) {
    const length = id3v2Length(bytes, start);
    if (length === 0) return start;
    start += length;
  }
}

function codecOfMagic(bytes: Uint8Array, at: number): DetectedCodec | null {
  if (isText(bytes, at, "OggS")) return "ogg";
  if (isText(bytes, at, "fLaC")) return "flac";
  if (isText(bytes, at, "\x1a\x45\xdf\xa3")) return "webm";
  return null;
}

/** The first place where one header is followed by another of its kind: a source may begin in mid-frame. */
function codecOfSync(bytes: Uint8Array, start: number, isFinal: boolean): DetectedCodec | null {
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const header = parseSync(bytes, at);
    if (header === "short") return isFinal ? "unknown" : null;
    if (header === null) continue;
    const next = at + header.length;
    const follower = next < bytes.length ? parseSync(bytes, next) : "short";
    if (follower === "short" && !isFinal) return null;
    if (typeof follower === "object" && follower?.signature === header.signature) {
      return header.codec;
    }
  }
  return isFinal ? "unknown" : null;
}

interface Sync {
  readonly codec: DetectedCodec;
  readonly length: number;
  readonly signature: number;
}

function parseSync(bytes: Uint8Array, at: number): Sync | "short" | null {
  if (at + ADTS_HEAD_BYTES > bytes.length) return "short";
  const mpeg = parseMpegHeader(bytes, at);
  if (mpeg !== null) return { codec: "mp3", length: mpeg.length, signature: mpeg.signature };
  const adts = parseAdtsHeader(bytes, at);
  return adts === null ? null : { codec: "aac", length: adts.length, signature: adts.signature };
}
