// What is playing: the two words every surface shows, and the one line made of them.

export interface Metadata {
  readonly artist: string;
  readonly title: string;
}

export const NO_METADATA: Metadata = { artist: "", title: "" };

export function sameMetadata(a: Metadata, b: Metadata): boolean {
  return a.artist === b.artist && a.title === b.title;
}

const SEPARATOR = " - ";

/** A line in its two words where it has them: titleLine() of the result is the line again, always. */
export function splitTitle(line: string): Metadata {
  const at = line.indexOf(SEPARATOR);
  const [artist, title] = [line.slice(0, Math.max(0, at)), line.slice(at + SEPARATOR.length)];
  return at < 0 || artist === "" || title === "" ? { artist: "", title: line } : { artist, title };
}

/** "Artist - Title", or whichever of the two is known. */
export function titleLine(metadata: Metadata): string {
  return [metadata.artist, metadata.title].filter((part) => part !== "").join(SEPARATOR);
}
