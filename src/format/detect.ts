// Detects an input's codec from its first bytes or its content type, whether or not it can be played.
import { ADTS_HEAD_BYTES, parseAdtsHeader } from "./sync/adts.ts";
import { isText } from "./parts/bytes.ts";
import { Intake } from "./parts/intake.ts";
import { parseMpegHeader } from "./sync/mpeg.ts";
import { TagWalk } from "./tags/tag-walk.ts";

/** "mp3" is any layer of MPEG audio; "ogg" and "webm" are the containers with any codec. */
export type DetectedCodec = "mp3" | "aac" | "ogg" | "flac" | "webm" | "unknown";

/** The codec is always decided within this many bytes after the tags. */
export const DETECT_BYTES = 32 << 10;

/**
 * The codec of an input that starts with these bytes; null if more are needed, up to DETECT_BYTES.
 * More bytes never change a result. At the end of a short input, null means "unknown".
 */
export function detectCodec(firstBytes: Uint8Array): DetectedCodec | null {
  const codec = new Detector().push(firstBytes.subarray(0, DETECT_BYTES));
  // ID3 tags at the start are nearly always MP3, so an incomplete tag is enough.
  return codec ?? (firstBytes.length >= DETECT_BYTES ? "mp3" : null);
}

/** Detects the codec of an input whose first bytes arrive in pieces; looks at each byte once and keeps no tags. */
export class Detector {
  readonly #held = new Intake();
  readonly #walk = new TagWalk();
  #isBehindTags = false;
  /** Bytes of a tag that have not arrived yet. */
  #skip = 0;
  #tagBytes = 0;
  /** No frame in #held begins before this position. */
  #at = 0;

  /** Bytes of tags so far. */
  get tagBytes(): number {
    return this.#tagBytes;
  }

  /** The bytes after the tags; valid until the next push. */
  get held(): Uint8Array {
    return this.#held.bytes;
  }

  /** null: more bytes are needed. After a result nothing may be pushed. */
  push(chunk: Uint8Array): DetectedCodec | null {
    const skipped = Math.min(this.#skip, chunk.length);
    this.#skip -= skipped;
    this.#tagBytes += skipped;
    this.#held.push(chunk.subarray(skipped));
    if (!this.#isBehindTags) this.#isBehindTags = this.#skipTags();
    if (!this.#isBehindTags || this.#held.length === 0) return null;
    const bytes = this.held.subarray(0, DETECT_BYTES);
    return codecOfMagic(bytes, 0) ?? this.#codecOfSync(bytes);
  }

  /** Whether the tags are over. */
  #skipTags(): boolean {
    while (this.#held.length > 0) {
      const length = this.#walk.lengthAt(this.held, 0);
      if (length === 0) return true;
      if (length === null) return false;
      const here = Math.min(length, this.#held.length);
      this.#held.skip(here);
      this.#tagBytes += here;
      this.#skip = length - here;
    }
    return false;
  }

  /** The first header that is followed by another of the same kind: a source may begin in the middle of a frame. */
  #codecOfSync(bytes: Uint8Array): DetectedCodec | null {
    const isFinal = bytes.length >= DETECT_BYTES;
    for (; this.#at < bytes.length; this.#at++) {
      if (bytes[this.#at] !== 0xff) continue;
      const codec = codecAt(bytes, this.#at, isFinal);
      if (codec === "short") break;
      if (codec !== null) return codec;
    }
    if (!isFinal) return null;
    // After a tag, more bytes than this may be a picture of unknown size: left to the parser.
    return this.#tagBytes > 0 ? "mp3" : "unknown";
  }
}

/** A content type in lower case without parameters: "audio/ogg" for "Audio/Ogg; codecs=opus". */
export function mediaTypeOf(contentType: string): string {
  const semicolon = contentType.indexOf(";");
  const type = semicolon < 0 ? contentType : contentType.slice(0, semicolon);
  return type.trim().toLowerCase();
}

/** The codec that a content type declares; encoders often declare audio/mpeg for everything. */
export function codecOfContentType(contentType: string): DetectedCodec {
  return CODECS_BY_TYPE.get(mediaTypeOf(contentType)) ?? "unknown";
}

/** The codec's name in messages. */
export function codecName(codec: DetectedCodec): string {
  return NAMES[codec];
}

const NAMES: Readonly<Record<DetectedCodec, string>> = {
  mp3: "MP3",
  aac: "AAC",
  ogg: "Ogg",
  flac: "FLAC",
  webm: "WebM",
  unknown: "an unknown format",
};

const TYPES_BY_CODEC: readonly (readonly [DetectedCodec, string])[] = [
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

const CODECS_BY_TYPE = new Map(
  TYPES_BY_CODEC.flatMap(([codec, types]) => types.split(" ").map((type) => [type, codec])),
);

function codecOfMagic(bytes: Uint8Array, at: number): DetectedCodec | null {
  if (isText(bytes, at, "OggS")) return "ogg";
  if (isText(bytes, at, "fLaC")) return "flac";
  if (isText(bytes, at, "\x1a\x45\xdf\xa3")) return "webm";
  return null;
}

/** "short": more bytes are needed; never at the end of the input. */
function codecAt(bytes: Uint8Array, at: number, isFinal: boolean): DetectedCodec | "short" | null {
  const header = parseSync(bytes, at);
  if (header === "short" || header === null) return header;
  const next = at + header.length;
  const follower = next < bytes.length ? parseSync(bytes, next) : "short";
  if (follower === "short") return isFinal ? null : "short";
  return follower?.signature === header.signature ? header.codec : null;
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
