// The current artist and title.
import type { Titled } from "../lib/titled.ts";

export { splitTitle, titleLine } from "../lib/titled.ts";

export interface Metadata extends Titled {
  /** Absent if unknown. */
  readonly album?: string;
}

export const NO_METADATA: Metadata = { artist: "", title: "" };

export function sameMetadata(a: Metadata, b: Metadata): boolean {
  return a.artist === b.artist && a.title === b.title && a.album === b.album;
}

/** The title of a source that has sent none, and has no name. */
export const UNTITLED = "Live";
