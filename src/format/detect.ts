// Names the codec of an input from its first bytes or its content type; playing it is another matter.
import { ADTS_HEAD_BYTES, parseAdtsHeader } from "./sync/adts.ts";
import { isText } from "./parts/bytes.ts";
import { Intake } from "./parts/intake.ts";
import { parseMpegHeader } from "./sync/mpeg.ts";
import { TagWalk } from "./tags/tag-walk.ts";

/** "mp3" stands for all layers of MPEG audio, "ogg" and "webm" for whatever those containers carry. */
export type DetectedCodec = "mp3" | "aac" | "ogg" | "flac" | "webm" | "unknown";

/** Bytes behind the tags with which a codec is always decided; more are not looked at. */
export const DETECT_BYTES = 32 << 10;

/**
 * The codec of an input that starts with these bytes; null when it takes more of them, up to DETECT_BYTES.
 * An answer never changes when more bytes arrive. At the end of a short input null means "unknown".
 */
export function detectCodec(firstBytes: Uint8Array): DetectedCodec | null {
  const codec = new Detector().push(firstBytes.subarray(0, DETECT_BYTES));
  // Hardly anyone but MP3 encoders puts ID3 tags first, so a tag too long to look behind is enough of a sign.
  return codec ?? (firstBytes.length >= DETECT_BYTES ? "mp3" : null);
}

/** Names the codec of an input whose first bytes come little by little; none is looked at twice, tags are not kept. */
export class Detector {
  readonly #held = new Intake();
  readonly #walk = new TagWalk();
  #isBehindTags = false;
  /** Bytes of a tag that are still to come. */
  #skip = 0;
  #tagBytes = 0;
  /** Before it nothing in #held can be a frame. */
  #at = 0;

  /** Bytes of tags so far. */
  get tagBytes(): number {
    return this.#tagBytes;
  }

  /** What came behind the tags; valid until the next push. */
  get held(): Uint8Array {
    return this.#held.bytes;
  }

  /** null: it takes more bytes. Nothing is to be pushed after an answer. */
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

  /** Whether what follows is no tag. */
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

  /** The first place where one header is followed by another of its kind: a source may begin in mid-frame. */
  #codecOfSync(bytes: Uint8Array): DetectedCodec | null {
    const isFinal = bytes.length >= DETECT_BYTES;
    for (; this.#at < bytes.length; this.#at++) {
      if (bytes[this.#at] !== 0xff) continue;
      const codec = codecAt(bytes, this.#at, isFinal);
      if (codec === "short") break;
      if (codec !== null) return codec;
    }
    if (!isFinal) return null;
    // Behind a tag more than this may be a picture whose size nobody told: the parser looks on.
    return this.#tagBytes > 0 ? "mp3" : "unknown";
  }
}

/** A content type without its parameters, lower-case: "audio/ogg" for "Audio/Ogg; codecs=opus". */
export function mediaTypeOf(contentType: string): string {
  const semicolon = contentType.indexOf(";");
  const type = semicolon < 0 ? contentType : contentType.slice(0, semicolon);
  return type.trim().toLowerCase();
}

/** The codec a content type promises; encoders often promise audio/mpeg whatever they send. */
export function codecOfContentType(contentType: string): DetectedCodec {
  return CODECS_BY_TYPE.get(mediaTypeOf(contentType)) ?? "unknown";
}

/** For people, as in "cannot play Ogg yet". */
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

/** "short": it takes more bytes to tell; never when there will be no more. */
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
