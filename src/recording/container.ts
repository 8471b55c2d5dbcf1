// What a recorded file has in front of the frames and behind them, by codec.
import { infoFrame } from "../audio/length-frame.ts";
import type { Codec, Frames, StreamFormat } from "../format/frame.ts";
import { OggEnd } from "../format/ogg/ogg-end.ts";
import { type OggOrigin, OggRebase } from "../format/ogg/ogg-rebase.ts";
import { taggedOggPreamble } from "../format/ogg/ogg-tags.ts";
import type { Start } from "./frame-memory.ts";
import { id3Tag, type Tags } from "./id3-tag.ts";

/** The length of the file's audio. */
export interface Length {
  readonly frames: number;
  readonly bytes: number;
  /** Samples in front that were not heard: a silent frame. */
  readonly delay: number;
  /** The byte at which a share of the frames ends, from 0 to 1; null: the bit rate is constant. */
  readonly byteAt: ((share: number) => number) | null;
}

export interface Container {
  /** What the file begins with; always as long. */
  head(tags: Tags, length: Length): Uint8Array;
  /** What is written of frames: a copy. */
  bytes(frames: Frames): Uint8Array;
  /** Takes what was written. */
  pass(frames: Frames): void;
  /** What the file ends with. */
  tail(): Uint8Array;
  /** What its first chain was before it was rebased; null if that is not known, or was not done. */
  readonly origin?: OggOrigin | null;
}

const NOTHING = new Uint8Array(0);

export const NO_LENGTH: Length = { frames: 0, bytes: 0, delay: 0, byteAt: null };

/** Of a file that begins with these frames. `tags` go into what is written once. */
export function createContainer(format: StreamFormat, start: Start, tags: Tags): Container {
  const preamble = start.frames.preamble ?? null;
  if (OGG.has(format.codec)) return new OggContainer(preamble ?? NOTHING, start.isMidway, tags);
  if (preamble !== null) return plain(() => preamble);
  return format.codec === "mp3"
    ? plain((now, length) => Buffer.concat([id3Tag(now), lengthFrame(format, length)]))
    : plain(id3Tag);
}

function plain(head: Container["head"]): Container {
  const bytes = (frames: Frames) => frames.bytes.slice();
  return { head, bytes, pass: () => undefined, tail: () => NOTHING };
}

function lengthFrame(format: StreamFormat, { frames, bytes, delay, byteAt }: Length): Uint8Array {
  const facts = { frames, bytes, delay, padding: 0, loudness: null, truePeak: null };
  return infoFrame(format, facts, byteAt);
}

const OGG: ReadonlySet<Codec> = new Set<Codec>(["vorbis", "opus", "flac", "speex"]);

class OggContainer implements Container {
  readonly #head: Uint8Array;
  /** null: its first chain is recorded from its start. */
  readonly #rebase: OggRebase | null;
  readonly #end = new OggEnd();

  constructor(preamble: Uint8Array, isMidway: boolean, { title, artist, album, date }: Tags) {
    const fields = { TITLE: title, ARTIST: artist, ALBUM: album, DATE: date };
    const tagged = taggedOggPreamble(preamble, fields, isMidway);
    this.#head = tagged?.bytes ?? preamble;
    this.#rebase = tagged && isMidway ? new OggRebase(tagged.serial, tagged.pages) : null;
  }

  head(): Uint8Array {
    return this.#head;
  }

  bytes(frames: Frames): Uint8Array {
    return this.#rebase?.bytes(frames) ?? frames.bytes.slice();
  }

  pass(frames: Frames): void {
    this.#end.pass(frames);
  }

  get origin(): OggOrigin | null {
    return this.#rebase?.origin ?? null;
  }

  tail(): Uint8Array {
    return this.#end.page() ?? NOTHING;
  }
}

const ENDINGS: Readonly<Record<Codec, string>> = {
  mp3: ".mp3",
  mp2: ".mp2",
  mp1: ".mp1",
  aac: ".aac",
  vorbis: ".ogg",
  opus: ".opus",
  flac: ".oga",
  speex: ".spx",
  "webm-opus": ".webm",
  "webm-vorbis": ".webm",
  "matroska-flac": ".mka",
  "matroska-aac": ".mka",
  "matroska-mp3": ".mka",
};

/** Anything may be given. */
export function isCodec(value: unknown): value is Codec {
  return typeof value === "string" && Object.hasOwn(ENDINGS, value);
}

export function endingOf({ codec }: StreamFormat): string {
  return ENDINGS[codec];
}
