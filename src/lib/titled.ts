// Artist and title, derived alike from the fields of files, streams and requests.
import { plainText } from "./text.ts";

export interface Titled {
  readonly artist: string;
  readonly title: string;
}

const SEPARATOR = " - ";

/** Enough for any real track; more are an attack. */
const MAX_ARTISTS = 32;

/** Splits "Artist - Title" at the first separator. titleLine() of the result always restores the line. */
export function splitTitle(line: string): Titled {
  const at = line.indexOf(SEPARATOR);
  const [artist, title] = [line.slice(0, Math.max(0, at)), line.slice(at + SEPARATOR.length)];
  return at < 0 || artist === "" || title === "" ? { artist: "", title: line } : { artist, title };
}

/** "Artist - Title", or the one that is known. */
export function titleLine({ artist, title }: Titled): string {
  return [artist, title].filter((part) => part !== "").join(SEPARATOR);
}

/** Joins artists with commas; splits a title without an artist if it has both. Null if all fields are empty. */
export function titledOf(artists: readonly string[], title: string): Titled | null {
  const plain = artists.slice(0, MAX_ARTISTS).map((artist) => plainText(artist));
  const artist = plainText([...new Set(plain)].filter((name) => name !== "").join(", "));
  const line = plainText(title);
  if (artist === "" && line === "") return null;
  return artist === "" ? splitTitle(line) : { artist, title: line };
}
