// Texts of ID3 tags: a frame may have several, and its encoding byte may be wrong.
import { decodeText, decodeUtf16 } from "../../lib/text.ts";

/** The values of a text frame in order, without empty ones. */
export function id3Texts(contents: Uint8Array): string[] {
  const [mark = 0] = contents;
  return decodeMarked(mark, contents.subarray(1))
    .split("\0")
    .filter((text) => text !== "");
}

/** Frames marked Latin-1 may hold UTF-8, and those marked UTF-8 may hold Windows-1252. */
function decodeMarked(mark: number, bytes: Uint8Array): string {
  if (mark === 1) return decodeUtf16(bytes, "le");
  return mark === 2 ? decodeUtf16(bytes, "be") : decodeText(bytes);
}

const V1_BYTES = 128;
const V1_TITLE_AT = 3;
const V1_ARTIST_AT = 33;
const V1_ALBUM_AT = 63;
const V1_FIELD_BYTES = 30;

/** The texts of the ID3v1 tag at the end; null without one. */
export function id3v1Texts(
  tail: Uint8Array,
): { title: string; artist: string; album: string } | null {
  const tag = tail.subarray(-V1_BYTES);
  if (tag.length < V1_BYTES || Buffer.from(tag.subarray(0, 3)).toString("latin1") !== "TAG") {
    return null;
  }
  const [title, artist, album] = [V1_TITLE_AT, V1_ARTIST_AT, V1_ALBUM_AT].map((at) =>
    fieldAt(tag, at),
  );
  return { title: title ?? "", artist: artist ?? "", album: album ?? "" };
}

/** A field without its padding. */
function fieldAt(tag: Uint8Array, at: number): string {
  const field = tag.subarray(at, at + V1_FIELD_BYTES);
  const end = field.indexOf(0);
  return decodeText(end < 0 ? field : field.subarray(0, end));
}
