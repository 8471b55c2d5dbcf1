// Pure: when two tracks are of the same artist.
import { type Entry, tagsOf } from "./entry.ts";

const FEATURED = / (?:feat|ft|featuring)\b|\/|,/;

/** "" if unknown. A featured artist makes no difference. */
export function artistKey(entry: Entry | undefined): string {
  return keyOfArtist(entry === undefined ? "" : (tagsOf(entry)?.artist ?? ""));
}

export function keyOfArtist(artist: string): string {
  const [main = ""] = artist.normalize("NFC").toLowerCase().split(FEATURED);
  return main.trim();
}
