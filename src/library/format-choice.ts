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
}

/** Sample rates of MP3, in Hz. */
export const MP3_RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/** The format a file votes for with its playing time; null if it cannot play in any that is wished for. */
export function voteOf(entry: Entry, wish: FormatWish): Vote | null {
  const seconds = secondsOf(entry);
  const format = entry.measure?.format ?? entry.analysis;
  if (seconds === null || format === null) return null;
  if (entry.measure !== null && isWished(entry.measure.format, wish)) {
    return { format: entry.measure.format, seconds };
  }
  return canBeMp3(wish) ? { format: asMp3(format, wish), seconds } : null;
}

/** Whether a format is one of those wished for. */
export function isWished({ codec, sampleRate, channels }: StreamFormat, wish: FormatWish): boolean {
  return (
    (wish.format === "auto" || wish.format === codec) &&
    (wish.sampleRate === 0 || wish.sampleRate === sampleRate) &&
    (wish.channels === 0 || wish.channels === channels)
  );
}

/** What to convert files to that do not fit; null if that is not possible. */
export function targetOf(format: StreamFormat | null, wish: FormatWish): Target | null {
  if (format === null || format.codec !== "mp3" || !wish.canConvert) return null;
  const { sampleRate, channels } = format;
  const bitrate = wish.bitrate || usualBitrate(sampleRate, channels);
  return { codec: "mp3", sampleRate, channels, bitrate, gainDb: 0 };
}

function canBeMp3({ format, canConvert }: FormatWish): boolean {
  return canConvert && (format === "auto" || format === "mp3");
}

interface Sampling {
  readonly sampleRate: number;
  readonly channels: number;
}

function asMp3({ sampleRate, channels }: Sampling, wish: FormatWish): StreamFormat {
  return {
    codec: "mp3",
    sampleRate: wish.sampleRate || mp3Rate(sampleRate),
    channels: wish.channels || Math.min(2, channels),
  };
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
