// The keys of a playlist.
import { amount, amountOrOff, choice, count, flag, oneOf, optionalPath, path } from "./key.ts";
import { extensions } from "./list-keys.ts";

/** One mount, one codec: players cannot switch codecs within a stream. */
export const PLAYLIST_FORMATS = ["auto", "mp3", "aac", "vorbis", "opus", "flac", "speex"] as const;
export type PlaylistFormat = (typeof PLAYLIST_FORMATS)[number];

/** Sample rates of MP3. */
const SAMPLE_RATES = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

export const playlistKeys = {
  directory: path({
    default: "./music",
    scope: "mount",
    description: "Music folder, played while no source is live; relative to this file.",
  }),
  file: optionalPath({
    default: "",
    scope: "mount",
    description:
      "Playlist file (.m3u, .m3u8, .pls, .xspf) to play instead of the folder, in its order unless shuffled; relative to this file.",
  }),
  shuffle: flag({
    default: true,
    scope: "mount",
    description: "Play tracks in random order, each once before any repeats.",
  }),
  artist_separation: count({
    unit: "tracks",
    range: [0, 50],
    default: 3,
    scope: "mount",
    description: "When shuffled, tracks between two of the same artist, where the files allow it.",
  }),
  format: choice({
    choices: PLAYLIST_FORMATS,
    default: "auto",
    scope: "mount",
    description:
      "Codec to play; auto picks that of most of the playing time. Other tracks are converted, to aac, opus and flac by ffmpeg; to speex not.",
  }),
  sample_rate: oneOf({
    unit: "Hz",
    values: [0, ...SAMPLE_RATES],
    default: 0,
    scope: "mount",
    description: "Sample rate to play; 0 is that of most of the playing time.",
  }),
  channels: oneOf({
    unit: "",
    values: [0, 1, 2],
    default: 0,
    scope: "mount",
    description: "Channels to play; 0 is those of most of the playing time.",
  }),
  bitrate: count({
    unit: "kbit/s",
    range: [0, 320],
    default: 0,
    scope: "mount",
    description: "Bitrate of converted tracks; 0 is 96 per channel, at low sample rates 48.",
  }),
  extensions: extensions({
    default: [
      ".mp3",
      ".ogg",
      ".oga",
      ".opus",
      ".spx",
      ".aac",
      ".flac",
      ".wav",
      ".aif",
      ".aiff",
      ".m4a",
      ".wma",
      ".ape",
      ".wv",
      ".mpc",
    ],
    scope: "mount",
    description: "File extensions of tracks.",
  }),
  loudness: amountOrOff({
    unit: "LUFS",
    range: [-40, -5],
    default: -16,
    scope: "mount",
    description:
      "Loudness of MP3 and Opus tracks, adjusted without decoding them and never above -1 dBTP; off plays files as they are.",
  }),
  trim_silence: amountOrOff({
    unit: "seconds",
    range: [0, 60],
    default: 0.5,
    scope: "mount",
    description:
      "Digital silence that is left at the start and the end of an MP3 track; off leaves all of it.",
  }),
  crossfade: amount({
    unit: "seconds",
    range: [0, 15],
    default: 0,
    scope: "mount",
    description:
      "Length of the crossfade between two tracks of MP3, Vorbis or FLAC; jingles and gapless albums are not faded. 0 fades nothing.",
  }),
} as const;
