// What people see of a file in a library.
import { relative } from "node:path";
import { shownPath } from "../lib/path-text.ts";
import type { Codec } from "../format/frame.ts";
import { type Entry, type PlayForm, playedAs, secondsOf, tagsOf } from "./entry.ts";

/** The file, or its copy, as it plays. */
export interface PlaysAs {
  readonly codec: Codec;
  /** LUFS and dBTP; null if it was not measured. */
  readonly loudness: number | null;
  readonly truePeak: number | null;
}

export interface TrackInfo {
  /** From the directory. */
  readonly file: string;
  /** "" if unknown. */
  readonly title: string;
  readonly artist: string;
  readonly album: string;
  /** null if unknown. */
  readonly seconds: number | null;
  /** LUFS; null if it was not measured. */
  readonly loudness: number | null;
  /** null while it does not play, and where that was not asked. */
  readonly playsAs: PlaysAs | null;
}

/** `played`: how the mount plays its files. */
export function infoOf(entry: Entry, directory: string, played: PlayForm | null = null): TrackInfo {
  const { title = "", artist = "", album = "" } = tagsOf(entry) ?? {};
  const loudness = entry.analysis?.loudness ?? null;
  const file = relative(directory, shownPath(entry.path));
  const playsAs = played === null ? null : playsAsIn(entry, played);
  return { file, title, artist, album, seconds: secondsOf(entry), loudness, playsAs };
}

function playsAsIn(entry: Entry, form: PlayForm): PlaysAs | null {
  const played = playedAs(entry, form);
  if (played === null) return null;
  const { loudness = null, truePeak = null } = played.copy ?? entry.analysis ?? {};
  return { codec: form.format.codec, loudness, truePeak };
}

/** Whether every word is in the file's name or tags; `words`: lower case. */
export function matches(entry: Entry, words: readonly string[], directory: string): boolean {
  const { file, title, artist, album } = infoOf(entry, directory);
  const text = `${file} ${artist} ${title} ${album}`.normalize("NFC").toLowerCase();
  return words.every((word) => text.includes(word));
}
