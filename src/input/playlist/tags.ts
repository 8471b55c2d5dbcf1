// Artist and title from the tags around a track's audio, in bounded time whatever the tags hold.
import type { Extent, RangeReader } from "../../format/tags/extent.ts";
import { titledOf } from "../../lib/titled.ts";
import type { Metadata } from "../../mount/metadata.ts";
import { id3Frames, type Id3Frame, type Wanted } from "./id3-frames.ts";
import { id3Texts, id3v1Texts } from "./id3-text.ts";

/** ID3v1 and a usual APE tag. The library's time grows with what it is given, seconds for a megabyte. */
const TAIL_BYTES = 8192;

/** Longer frames of text are passed over. */
const MAX_FRAME_BYTES = 4096;

const TITLES = ["TIT2", "TT2"];
const ARTISTS = ["TPE1", "TP1"];

const WANTED: Wanted = {
  ids: new Set([...TITLES, ...ARTISTS]),
  maxUnsynchronisedBytes: 65_536,
};

/** What ID3v2 says, else APE or ID3v1; null without a title. Rejects only when the reader does. */
export async function readTags(
  reader: RangeReader,
  extent: Extent,
  size: number,
): Promise<Metadata | null> {
  const metadata = await readId3(reader, extent.start);
  if (metadata !== null || extent.end === size) return metadata;
  const length = Math.min(size - extent.end, TAIL_BYTES);
  const tail = await reader(size - length, length);
  const ape = await readApe(tail);
  const old = id3v1Texts(tail);
  return ape ?? (old === null ? null : metadataOf([old.artist], old.title));
}

async function readId3(reader: RangeReader, end: number): Promise<Metadata | null> {
  const frames = await id3Frames(reader, end, WANTED);
  const short = frames.filter(({ size }) => size <= MAX_FRAME_BYTES);
  const [title = ""] = await textsOf(short, TITLES);
  return metadataOf(await textsOf(short, ARTISTS), title);
}

/** Of the first frame with one of these ids. */
async function textsOf(frames: readonly Id3Frame[], ids: readonly string[]): Promise<string[]> {
  const contents = await frames.find(({ id }) => ids.includes(id))?.read(MAX_FRAME_BYTES);
  return contents === undefined || contents === null ? [] : id3Texts(contents);
}

async function readApe(tail: Uint8Array): Promise<Metadata | null> {
  try {
    // Loaded with the first track: it is not needed before the station listens.
    const { parseBuffer } = await import("music-metadata");
    const options = { skipCovers: true, duration: false };
    const { native, common } = await parseBuffer(tail, "audio/mpeg", options);
    if (native["APEv2"] === undefined) return null;
    return metadataOf(common.artists ?? [common.artist ?? ""], common.title ?? "");
  } catch {
    // Broken tags are no reason not to play: the audio is judged by its frames.
    return null;
  }
}

function metadataOf(artists: readonly string[], title: string): Metadata | null {
  const titled = titledOf(artists, title);
  return titled?.title === "" ? null : titled;
}
