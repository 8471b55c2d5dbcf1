// Pure: which format suits a file, given a mount's wishes and what can be converted.
import type { PlaylistFormat } from "../config/playlist-keys.ts";
import type { StreamFormat } from "../format/frame.ts";
import type { Target } from "./converter.ts";
import { type Entry, secondsOf } from "./entry.ts";
import type { Vote } from "./majority.ts";

export interface FormatWish {
  readonly format: PlaylistFormat;
  /** Hz; 0: that of most of the playing time. */
  readonly sampleRate: number;
  /** 0: that of most of the playing time. */
  readonly channels: number;
  /** kbit/s of converted tracks; 0: by rate and channels. */
  readonly bitrate: number;
  readonly canConvert: boolean;
  /** LUFS of converted tracks whose level cannot be changed in passing. */
  readonly loudness: number | "off";
}

/** Formats that files are converted to. */
type Made = Target["codec"];
const MADE: ReadonlySet<string> = new Set<Made>(["mp3", "vorbis", "opus", "aac", "flac"]);

/** Their copies have the level of the file; it is changed as they play. */
const LEVELLED_IN_PASSING: ReadonlySet<Made> = new Set<Made>(["mp3", "opus"]);

/** Sample rates of MP3, in Hz. */
export const MP3_RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/** Depths of FLAC that files are converted to. */
const FLAC_BITS: ReadonlySet<number | undefined> = new Set([16, 24]);
const USUAL_FLAC_BITS = 16;

const OPUS_RATE = 48_000;

/** Of all files that may play. */
export function* votesOf(entries: Iterable<Entry>, wish: FormatWish): Generator<Vote> {
  for (const entry of entries) {
    const isOut = entry.why !== null && !entry.isForeign;
    const vote = isOut ? null : voteOf(entry, wish);
    if (vote !== null) yield vote;
  }
}

/** The format a file votes for with its playing time; null if it cannot play in any that is wished for. */
function voteOf(entry: Entry, wish: FormatWish): Vote | null {
  const seconds = secondsOf(entry);
  const format = entry.measure?.format ?? entry.analysis;
  if (seconds === null || format === null) return null;
  if (entry.measure !== null && isWished(entry.measure.format, wish)) {
    return { format: entry.measure.format, seconds };
  }
  const codec = entry.refusal === null ? madeCodec(wish) : null;
  return codec === null ? null : { format: converted(codec, format, wish), seconds };
}

/** Whether a format is one of those wished for. */
export function isWished({ codec, sampleRate, channels }: StreamFormat, wish: FormatWish): boolean {
  return (
    (wish.format === "auto" || wish.format === codec) &&
    (wish.sampleRate === 0 || wish.sampleRate === sampleRate || codec === "opus") &&
    (wish.channels === 0 || wish.channels === channels)
  );
}

/** What to convert files to that do not fit; null if that is not possible. */
export function targetOf(format: StreamFormat | null, wish: FormatWish): Target | null {
  if (format === null || !wish.canConvert) return null;
  const { codec, sampleRate, channels } = format;
  const { bitsPerSample } = format;
  if (!isMade(codec) || channels > 2) return null;
  if (codec === "flac" && !FLAC_BITS.has(bitsPerSample)) return null;
  const bitrate = wish.bitrate || usualBitrate(sampleRate, channels);
  const isLevelled = !LEVELLED_IN_PASSING.has(codec) && wish.loudness !== "off";
  const loudness = isLevelled ? Number(wish.loudness) : null;
  const target = { codec, sampleRate, channels, bitrate, loudness };
  return codec === "flac" ? { ...target, bitsPerSample } : target;
}

function isMade(codec: string): codec is Made {
  return MADE.has(codec);
}

/** What a file becomes that does not fit; null if none of the formats wished for is made. */
function madeCodec({ format, canConvert }: FormatWish): Made | null {
  if (!canConvert) return null;
  if (format === "auto") return "mp3";
  return isMade(format) ? format : null;
}

interface Sampling {
  readonly sampleRate: number;
  readonly channels: number;
}

function converted(
  codec: Made,
  { sampleRate, channels }: Sampling,
  wish: FormatWish,
): StreamFormat {
  const plain = {
    codec,
    sampleRate: codec === "opus" ? OPUS_RATE : wish.sampleRate || mp3Rate(sampleRate),
    channels: wish.channels || Math.min(2, channels),
  };
  return codec === "flac" ? { ...plain, bitsPerSample: USUAL_FLAC_BITS } : plain;
}

function mp3Rate(rate: number): number {
  if (MP3_RATES.includes(rate)) return rate;
  return rate % 11_025 === 0 ? 44_100 : 48_000;
}

/** Transparent to most ears. */
function usualBitrate(sampleRate: number, channels: number): number {
  const perChannel = sampleRate >= 32_000 ? 96 : 48;
  return perChannel * channels;
}
