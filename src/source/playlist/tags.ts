// Artist and title from the tags around a track's audio, in bounded time whatever the tags hold.
import type { Extent, RangeReader } from "../../format/extent.ts";
import type { Metadata } from "../../mount/metadata.ts";
import { id3Excerpt } from "./id3-excerpt.ts";

/** ID3v1 and a usual APE tag. The library's time grows with what it is given, seconds for a megabyte. */
const TAIL_BYTES = 8192;

const MAX_TEXT_LENGTH = 300;

/** What ID3v2 says, else APE or ID3v1; null without a title. Rejects only when the reader does. */
export async function readTags(
  reader: RangeReader,
  extent: Extent,
  size: number,
): Promise<Metadata | null> {
  const excerpt = await id3Excerpt(reader, extent.start);
  const metadata = excerpt === null ? null : await parse(excerpt);
  if (metadata !== null || extent.end === size) return metadata;
  const length = Math.min(size - extent.end, TAIL_BYTES);
  return parse(await reader(size - length, length));
}

async function parse(tags: Uint8Array): Promise<Metadata | null> {
  try {
    // Loaded with the first track: it is not needed before the station listens.
    const { parseBuffer } = await import("music-metadata");
    const { common } = await parseBuffer(tags, "audio/mpeg", { skipCovers: true, duration: false });
    const title = clean(common.title);
    return title === "" ? null : { artist: clean(common.artist), title };
  } catch {
    // Broken tags are no reason not to play: the audio is judged by its frames.
    return null;
  }
}

function clean(text: string | undefined): string {
  const line = (text ?? "").replace(/[\p{Cc}\s]+/gu, " ").trim();
  return line.slice(0, MAX_TEXT_LENGTH).toWellFormed();
}
