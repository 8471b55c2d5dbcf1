// Artist and title of a file without tags, by its name.
import { basename, extname } from "node:path";
import { shownPath } from "../../lib/path-text.ts";
import { plainText } from "../../lib/text.ts";
import { type Metadata, splitTitle } from "../../mount/metadata.ts";

/** "01 Artist - Title.mp3": drops the track number; the part before " - " is the artist. */
export function metadataOfName(path: string): Metadata {
  const shown = shownPath(path);
  const name = plainText(basename(shown, extname(shown)).replaceAll("_", " "));
  // "01 …" and "7. …" begin with a track number; "50 Cent" and "99 Luftballons" do not.
  const bare = name.replace(/^(?:0\d{1,2}[.\s-]+|\d{1,3}(?:\.|\s*-)\s+)(?=\S)/, "");
  return splitTitle(bare);
}
