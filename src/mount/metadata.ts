// What is playing: the two words every surface shows, and the one line made of them.

export interface Metadata {
  readonly artist: string;
  readonly title: string;
}

export const NO_METADATA: Metadata = { artist: "", title: "" };

export function sameMetadata(a: Metadata, b: Metadata): boolean {
  return a.artist === b.artist && a.title === b.title;
}

/** "Artist - Title", or whichever of the two is known. */
export function titleLine(metadata: Metadata): string {
  return [metadata.artist, metadata.title].filter((part) => part !== "").join(" - ");
}
