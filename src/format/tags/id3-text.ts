// The texts of ID3 tags: several in one frame, in the encoding their frame is marked with or the one they are really in.
import { decodeText, decodeUtf16 } from "../../lib/text.ts";

/** Of a text frame's contents: its values in order, none of them empty. */
export function id3Texts(contents: Uint8Array): string[] {
  const [mark = 0] = contents;
  return decodeMarked(mark, contents.subarray(1))
    .split("\0")
    .filter((text) => text !== "");
}

/** A mark of Latin-1 may stand before UTF-8, one of UTF-8 before Windows-1252. */
function decodeMarked(mark: number, bytes: Uint8Array): string {
  if (mark === 1) return decodeUtf16(bytes, "le");
  return mark === 2 ? decodeUtf16(bytes, "be") : decodeText(bytes);
}

const V1_BYTES = 128;
const V1_TITLE_AT = 3;
const V1_ARTIST_AT = 33;
const V1_ALBUM_AT = 63;
const V1_FIELD_BYTES = 30;

/** The texts of the ID3v1 tag at the end; null when there is none. */
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

/** Up to the zeros or blanks that fill it. */
function fieldAt(tag: Uint8Array, at: number): string {
  const field = tag.subarray(at, at + V1_FIELD_BYTES);
  const end = field.indexOf(0);
  return decodeText(end < 0 ? field : field.subarray(0, end));
}
