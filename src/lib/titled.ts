// Artist and title, made alike from whatever fields a file, a stream or a request has.
import { plainText } from "./text.ts";

export interface Titled {
  readonly artist: string;
  readonly title: string;
}

const SEPARATOR = " - ";

/** More artists than this are an attack; a station that reports what it played needs fewer. */
const MAX_ARTISTS = 32;

/** Splits "Artist - Title" at the first separator. titleLine() of the result is the line again, always. */
export function splitTitle(line: string): Titled {
  const at = line.indexOf(SEPARATOR);
  const [artist, title] = [line.slice(0, Math.max(0, at)), line.slice(at + SEPARATOR.length)];
  return at < 0 || artist === "" || title === "" ? { artist: "", title: line } : { artist, title };
}

/** "Artist - Title", or whichever of the two is known. */
export function titleLine({ artist, title }: Titled): string {
  return [artist, title].filter((part) => part !== "").join(SEPARATOR);
}

/** Artists are joined by commas; a title without an artist is split where it holds both. Null: nothing was said. */
export function titledOf(artists: readonly string[], title: string): Titled | null {
  const plain = artists.slice(0, MAX_ARTISTS).map((artist) => plainText(artist));
  const artist = plainText([...new Set(plain)].filter((name) => name !== "").join(", "));
  const line = plainText(title);
  if (artist === "" && line === "") return null;
  return artist === "" ? splitTitle(line) : { artist, title: line };
}
