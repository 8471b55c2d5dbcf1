// The picture embedded in a track's file: bounded in size, with its type detected from its first bytes.
import { audioExtent, type RangeReader } from "../../format/tags/extent.ts";
import type { Opener } from "../../lib/open-file.ts";
import { flacPicture } from "./flac-picture.ts";
import { id3Picture } from "./id3-picture.ts";
import { oggPicture } from "./ogg-picture.ts";

/** Larger pictures are not shown: pages load them, and several are kept in memory. */
export const MAX_PICTURE_BYTES = 3 << 20;

export type PictureType = "image/jpeg" | "image/png" | "image/webp" | "image/gif";

const TYPES: readonly string[] = ["image/jpeg", "image/png", "image/webp", "image/gif"];

export function isPictureType(type: string): type is PictureType {
  return TYPES.includes(type);
}

export interface Picture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: PictureType;
}

export interface Look {
  /** Size and time of the file; changes with its content. */
  readonly version: string;
  /** null if the file has none that can be shown. */
  readonly picture: Picture | null;
  /** It has none but larger ones. */
  readonly isTooLarge: boolean;
}

/** null, without reading, if the file's version is still `known`. Rejects with the file system's error only. */
export async function readPicture(disk: Opener, path: string, known = ""): Promise<Look | null> {
  const file = await disk.open(path);
  try {
    const stat = await file.stat();
    const version = `${stat.size}:${stat.mtimeMs}`;
    if (version === known) return null;
    if (!stat.isFile()) return { version, picture: null, isTooLarge: false };
    const reader = async (offset: number, length: number) => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    };
    const found = await embedded(reader, stat.size);
    const isTooLarge = found === "too large";
    return { version, picture: isTooLarge ? null : pictureOf(found), isTooLarge };
  } finally {
    await file.close();
  }
}

async function embedded(reader: RangeReader, size: number) {
  const { start } = await audioExtent(reader, size);
  const tagged = await id3Picture(reader, start, MAX_PICTURE_BYTES);
  const own = tagged ?? (await flacPicture(reader, start, MAX_PICTURE_BYTES));
  return own ?? oggPicture(reader, start, MAX_PICTURE_BYTES);
}

function pictureOf(bytes: Uint8Array | null): Picture | null {
  if (bytes === null || bytes.length > MAX_PICTURE_BYTES) return null;
  const contentType = pictureType(bytes);
  return contentType === null ? null : { bytes: new Uint8Array(bytes), contentType };
}

/** By the first bytes: the media type in the tag may be wrong. */
export function pictureType(bytes: Uint8Array): PictureType | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (/^GIF8[79]a/.test(head)) return "image/gif";
  return /^RIFF.{4}WEBP/s.test(head) ? "image/webp" : null;
}
