// What a recorded file has in front of the frames and behind them, by codec.
import { infoFrame } from "../audio/length-frame.ts";
import type { Codec, Frames, StreamFormat } from "../format/frame.ts";
import { OggEnd } from "../format/ogg/ogg-end.ts";
import { taggedOggPreamble } from "../format/ogg/ogg-tags.ts";
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
  /** Follows the frames that are written. */
  pass(frames: Frames): void;
  /** What the file ends with. */
  tail(): Uint8Array;
}

const NOTHING = new Uint8Array(0);

export const NO_LENGTH: Length = { frames: 0, bytes: 0, delay: 0, byteAt: null };

/** `preamble`: that of the first frame. `tags` go into what is written once. */
export function createContainer(
  format: StreamFormat,
  preamble: Uint8Array | null,
  tags: Tags,
): Container {
  if (OGG.has(format.codec)) return new OggContainer(preamble ?? NOTHING, tags);
  if (preamble !== null) return plain(() => preamble);
  return format.codec === "mp3"
    ? plain((now, length) => Buffer.concat([id3Tag(now), lengthFrame(format, length)]))
    : plain(id3Tag);
}

function plain(head: Container["head"]): Container {
  return { head, pass: () => undefined, tail: () => NOTHING };
}

function lengthFrame(format: StreamFormat, { frames, bytes, delay, byteAt }: Length): Uint8Array {
  const facts = { frames, bytes, delay, padding: 0, loudness: null, truePeak: null };
  return infoFrame(format, facts, byteAt);
}

const OGG: ReadonlySet<Codec> = new Set<Codec>(["vorbis", "opus", "flac", "speex"]);

class OggContainer implements Container {
  readonly #head: Uint8Array;
  readonly #end = new OggEnd();

  constructor(preamble: Uint8Array, { title, artist, album, date }: Tags) {
    const fields = { TITLE: title, ARTIST: artist, ALBUM: album, DATE: date };
    this.#head = taggedOggPreamble(preamble, fields) ?? preamble;
  }

  head(): Uint8Array {
    return this.#head;
  }

  pass(frames: Frames): void {
    this.#end.pass(frames);
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

export function endingOf({ codec }: StreamFormat): string {
  return ENDINGS[codec];
}
