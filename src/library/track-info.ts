// What people see of a file in a library.
import { relative } from "node:path";
import { shownPath } from "../lib/path-text.ts";
import { type Entry, secondsOf, tagsOf } from "./entry.ts";

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
}

export function infoOf(entry: Entry, directory: string): TrackInfo {
  const { title = "", artist = "", album = "" } = tagsOf(entry) ?? {};
  const loudness = entry.analysis?.loudness ?? null;
  const file = relative(directory, shownPath(entry.path));
  return { file, title, artist, album, seconds: secondsOf(entry), loudness };
}

/** Whether every word is in the file's name or tags; `words`: lower case. */
export function matches(entry: Entry, words: readonly string[], directory: string): boolean {
  const { file, title, artist, album } = infoOf(entry, directory);
  const text = `${file} ${artist} ${title} ${album}`.normalize("NFC").toLowerCase();
  return words.every((word) => text.includes(word));
}
