// The header before the first cluster of WebM or Matroska: audio format, time scale, metadata.
import {
  type EbmlElement,
  ebmlChild,
  ebmlElements,
  ebmlFloat,
  ebmlNumber,
  ebmlText,
  forgetEbmlSize,
  readEbml,
} from "./ebml.ts";
import type { Codec, StreamFormat, StreamMetadata } from "../frame.ts";
import { plainText } from "../../lib/text.ts";
import { titledOf } from "../../lib/titled.ts";
import { isPlayable } from "../parts/stream-header.ts";

/** Limit of the header, the same as Icecast's. */
export const WEBM_HEADER_MAX_BYTES = 131_072;

export const EBML = 0x1a45dfa3;
export const CLUSTER = 0x1f43b675;
const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TIMESTAMP_SCALE = 0x2ad7b1;
const TITLE = 0x7ba9;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const TRACK_TYPE = 0x83;
const TRACK_NAME = 0x536e;
const CODEC_ID = 0x86;
const AUDIO = 0xe1;
const SAMPLING_FREQUENCY = 0xb5;
const CHANNELS = 0x9f;
const TAGS = 0x1254c367;
const TAG = 0x7373;
const SIMPLE_TAG = 0x67c8;
const TAG_NAME = 0x45a3;
const TAG_STRING = 0x4487;

const AUDIO_TYPE = 2;
const NANOS_PER_MILLISECOND = 1_000_000;

export interface WebmHeader {
  readonly format: StreamFormat;
  readonly metadata: StreamMetadata | null;
  /** Number of the audio track. */
  readonly track: number;
  /** Nanoseconds per unit of time. */
  readonly timestampScale: number;
  /** Everything before the first cluster, with a segment of unknown size. */
  readonly preamble: Uint8Array;
}

/** Reads one header from bytes that arrive in any pieces; no element is parsed twice. */
export class WebmHeaderReader {
  /** The position of each element's contents; the last one of a repeated element. */
  readonly #contents = new Map<number, readonly [from: number, to: number]>();
  #segmentAt = 0;
  #at = 0;
  #elementAt = 0;

  /** Length of the complete elements parsed so far. */
  get position(): number {
    return this.#elementAt;
  }

  /** `bytes` begin with the header in every call. null: more are needed. "refused": there is no playable audio, or there
   * is video. */
  read(bytes: Uint8Array): WebmHeader | "refused" | null {
    while (this.#at <= WEBM_HEADER_MAX_BYTES) {
      const element = readEbml(bytes, this.#at);
      if (element === "short") return null;
      this.#elementAt = this.#at;
      if (element === "invalid") return "refused";
      if (element.id === CLUSTER) return this.#finish(bytes);
      if (!this.#pass(element)) return "refused";
    }
    return "refused";
  }

  /** Whether the element is allowed here. */
  #pass({ id, headBytes, size }: EbmlElement): boolean {
    const at = this.#at;
    const skipped = id === SEGMENT ? 0 : size;
    if (skipped === null || (at === 0) !== (id === EBML)) return false;
    if (id === SEGMENT) this.#segmentAt = at;
    this.#at = at + headBytes + skipped;
    this.#contents.set(id, [at + headBytes, this.#at]);
    return true;
  }

  #finish(bytes: Uint8Array): WebmHeader | "refused" {
    const found = [...this.#contents].map(
      ([id, [from, to]]) => [id, bytes.subarray(from, to)] as const,
    );
    return headerOf(new Map(found), bytes.slice(0, this.#at), this.#segmentAt);
  }
}

function headerOf(
  contents: ReadonlyMap<number, Uint8Array>,
  preamble: Uint8Array,
  segmentAt: number,
): WebmHeader | "refused" {
  const none = new Uint8Array(0);
  const info = contents.get(INFO) ?? none;
  const scale = ebmlChild(info, TIMESTAMP_SCALE);
  const timestampScale = scale === null ? NANOS_PER_MILLISECOND : ebmlNumber(scale);
  const audio = audioTrack(contents.get(TRACKS) ?? none);
  if (segmentAt === 0 || audio === null || timestampScale === 0) return "refused";
  forgetEbmlSize(preamble, segmentAt);
  const { format, track, name } = audio;
  const metadata = metadataOf(info, name, contents.get(TAGS) ?? none);
  return { format, track, metadata, timestampScale, preamble };
}

interface AudioTrack {
  readonly format: StreamFormat;
  readonly track: number;
  readonly name: string;
}

/** The first track, if all are audio: with video, a new listener would have to wait for a key frame. */
function audioTrack(tracks: Uint8Array): AudioTrack | null {
  const entries = [...ebmlElements(tracks)].filter(([id]) => id === TRACK_ENTRY);
  const [first] = entries.map(([, entry]) => entry);
  const areAudio = entries.every(([, entry]) => numberIn(entry, TRACK_TYPE, 0) === AUDIO_TYPE);
  if (first === undefined || !areAudio) return null;
  const id = textIn(first, CODEC_ID);
  const codec = CODECS.find(([name]) => id === name || id.startsWith(`${name}/`))?.[1];
  const audio = ebmlChild(first, AUDIO);
  if (codec === undefined || audio === null) return null;
  const frequency = ebmlChild(audio, SAMPLING_FREQUENCY);
  const sampleRate = frequency === null ? 8000 : Math.round(ebmlFloat(frequency));
  const format = { codec, sampleRate, channels: numberIn(audio, CHANNELS, 1) };
  if (!isPlayable(format)) return null;
  return { format, track: numberIn(first, TRACK_NUMBER, 1), name: textIn(first, TRACK_NAME) };
}

const CODECS: readonly (readonly [string, Codec])[] = [
  ["A_OPUS", "webm-opus"],
  ["A_VORBIS", "webm-vorbis"],
  ["A_FLAC", "matroska-flac"],
  ["A_AAC", "matroska-aac"],
  ["A_MPEG/L3", "matroska-mp3"],
];

function numberIn(contents: Uint8Array, id: number, otherwise: number): number {
  const child = ebmlChild(contents, id);
  return child === null ? otherwise : ebmlNumber(child);
}

/** ffmpeg writes the artist to the tags, and the title to the segment's info or, for an Ogg input, to the track's name. */
function metadataOf(info: Uint8Array, name: string, tags: Uint8Array): StreamMetadata | null {
  const named = tagTexts(tags);
  const titles = [named.get("TITLE")?.[0], textIn(info, TITLE), name];
  const title = titles.find((text = "") => plainText(text) !== "");
  return titledOf(named.get("ARTIST") ?? [], title ?? "");
}

function textIn(contents: Uint8Array, id: number): string {
  return ebmlText(ebmlChild(contents, id) ?? new Uint8Array(0));
}

function tagTexts(tags: Uint8Array): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  for (const [, tag] of [...ebmlElements(tags)].filter(([id]) => id === TAG)) {
    for (const [, simple] of [...ebmlElements(tag)].filter(([id]) => id === SIMPLE_TAG)) {
      const name = textIn(simple, TAG_NAME).toUpperCase();
      const values = texts.get(name) ?? [];
      values.push(textIn(simple, TAG_STRING));
      texts.set(name, values);
    }
  }
  return texts;
}
