// The picture of an ID3v2 tag: the front cover, else the first.
import type { RangeReader } from "../../format/tags/extent.ts";
import { id3Frames, type Id3Frame } from "../../format/tags/id3-frames.ts";
import { FRONT_COVER } from "./picture-type.ts";

const WANTED = { ids: new Set(["APIC", "PIC"]), maxUnsynchronisedBytes: 1 << 20 };

/** Limit of the fields before the picture's data, such as its description. */
const MAX_HEAD_BYTES = 1024;

/** Pictures whose type is checked. */
const MAX_PICTURES = 16;

/** A tag's picture of at most `maxBytes`; null without one. Rejects only if the reader does. */
export async function id3Picture(
  reader: RangeReader,
  end: number,
  maxBytes: number,
): Promise<Uint8Array | "too large" | null> {
  const frames = await id3Frames(reader, end, WANTED);
  const shown = frames.filter(({ size }) => size <= maxBytes + MAX_HEAD_BYTES);
  if (shown.length === 0 && frames.length > 0) return "too large";
  const frame = (await frontCover(shown.slice(0, MAX_PICTURES))) ?? shown[0];
  const contents = await frame?.read(maxBytes + MAX_HEAD_BYTES);
  return contents === undefined || contents === null
    ? null
    : pictureIn(contents, frame?.id === "PIC");
}

async function frontCover(frames: readonly Id3Frame[]): Promise<Id3Frame | undefined> {
  for (const frame of frames) {
    const head = await frame.read(MAX_HEAD_BYTES);
    if (head?.[typeAt(head, frame.id === "PIC")] === FRONT_COVER) return frame;
  }
  return undefined;
}

/** After the encoding and the image format: three letters in version 2.2, later a zero-terminated media type. */
function typeAt(contents: Uint8Array, isOld: boolean): number {
  return isOld ? 4 : contents.indexOf(0, 1) + 1;
}

/** After the description, which ends with a zero, or with two in UTF-16. */
function pictureIn(contents: Uint8Array, isOld: boolean): Uint8Array | null {
  const [encoding = 0] = contents;
  const isWide = encoding === 1 || encoding === 2;
  const textAt = typeAt(contents, isOld) + 1;
  for (let at = textAt; at < contents.length; at += isWide ? 2 : 1) {
    const isEnd = contents[at] === 0 && (!isWide || contents[at + 1] === 0);
    if (isEnd) return contents.subarray(at + (isWide ? 2 : 1));
  }
  return null;
}
