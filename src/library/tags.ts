// Artist, title and album from the tags before and after a track's audio, in bounded time whatever the tags contain.
import type { Extent, RangeReader } from "../format/tags/extent.ts";
import { id3Frames, type Id3Frame, type Wanted } from "../format/tags/id3-frames.ts";
import { id3Texts, id3v1Texts } from "../format/tags/id3-text.ts";
import { plainText } from "../lib/text.ts";
import { type Titled, titledOf } from "../lib/titled.ts";

/** Enough for ID3v1 and a usual APE tag. music-metadata takes seconds for a megabyte. */
const TAIL_BYTES = 8192;

/** Longer text frames are ignored. */
const MAX_FRAME_BYTES = 4096;

const TITLES = ["TIT2", "TT2"];
const ARTISTS = ["TPE1", "TP1"];
const ALBUMS = ["TALB", "TAL"];

/** Absent where the file names none. */
export interface Tags extends Titled {
  readonly album?: string;
}

const WANTED: Wanted = {
  ids: new Set([...TITLES, ...ARTISTS, ...ALBUMS]),
  maxUnsynchronisedBytes: 65_536,
};

/** Reads ID3v2, else APE, else ID3v1; null without a title. Rejects only if the reader does. */
export async function readTags(
  reader: RangeReader,
  extent: Extent,
  size: number,
): Promise<Tags | null> {
  const tags = await readId3(reader, extent.start);
  if (tags !== null || extent.end === size) return tags;
  const length = Math.min(size - extent.end, TAIL_BYTES);
  const tail = await reader(size - length, length);
  const ape = await readApe(tail);
  const old = id3v1Texts(tail);
  return ape ?? (old === null ? null : tagsOf([old.artist], old.title, old.album));
}

async function readId3(reader: RangeReader, end: number): Promise<Tags | null> {
  const frames = await id3Frames(reader, end, WANTED);
  const short = frames.filter(({ size }) => size <= MAX_FRAME_BYTES);
  const [title = ""] = await textsOf(short, TITLES);
  const [album = ""] = await textsOf(short, ALBUMS);
  return tagsOf(await textsOf(short, ARTISTS), title, album);
}

/** The texts of the first frame with one of these ids. */
async function textsOf(frames: readonly Id3Frame[], ids: readonly string[]): Promise<string[]> {
  const contents = await frames.find(({ id }) => ids.includes(id))?.read(MAX_FRAME_BYTES);
  return contents === undefined || contents === null ? [] : id3Texts(contents);
}

async function readApe(tail: Uint8Array): Promise<Tags | null> {
  if (!Buffer.from(tail.buffer, tail.byteOffset, tail.length).includes("APETAGEX")) return null;
  try {
    // Takes ten megabytes of memory, for the few files with such tags.
    const { parseBuffer } = await import("music-metadata");
    const options = { skipCovers: true, duration: false };
    const { native, common } = await parseBuffer(tail, "audio/mpeg", options);
    if (native["APEv2"] === undefined) return null;
    const { artists = [common.artist ?? ""], title = "", album = "" } = common;
    return tagsOf(artists, title, album);
  } catch {
    // A file with broken tags can be played all the same.
    return null;
  }
}

function tagsOf(artists: readonly string[], title: string, album: string): Tags | null {
  const titled = titledOf(artists, title);
  if (titled === null || titled.title === "") return null;
  const plain = plainText(album);
  return plain === "" ? titled : { ...titled, album: plain };
}
