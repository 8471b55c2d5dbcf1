// What a file holds, by the first bytes behind its tags: which decoder takes it.
import { detectCodec } from "../format/detect.ts";
import { foreignName } from "../format/foreign.ts";
import { OGG_HEAD_BYTES } from "../format/ogg/ogg-page.ts";
import { isText } from "../format/parts/bytes.ts";
import { parseMpegHeader } from "../format/sync/mpeg.ts";

export type AudioKind = "mpeg" | "flac" | "vorbis" | "opus" | "wav" | "aiff";

/** Bytes that kindOf() needs. */
export const KIND_BYTES = 32 << 10;

const FORM_AT = 8;

/** Null if nothing built in decodes it. */
export function kindOf(head: Uint8Array): AudioKind | null {
  if (isText(head, 0, "OggS")) return oggKind(head);
  if (isText(head, 0, "fLaC")) return "flac";
  if (isRiff(head)) return "wav";
  if (isText(head, 0, "FORM") && isText(head, FORM_AT, "AIF")) return "aiff";
  return isMpeg(head) && foreignName(head) === null ? "mpeg" : null;
}

/** A single frame has no second one that would confirm it. */
function isMpeg(head: Uint8Array): boolean {
  const codec = detectCodec(head);
  return codec === "mp3" || (codec === null && parseMpegHeader(head) !== null);
}

function isRiff(head: Uint8Array): boolean {
  const isContainer = isText(head, 0, "RIFF") || isText(head, 0, "RF64");
  return isContainer && isText(head, FORM_AT, "WAVE");
}

/** By the first packet of the first page. */
function oggKind(head: Uint8Array): AudioKind | null {
  const at = OGG_HEAD_BYTES + (head[OGG_HEAD_BYTES - 1] ?? 0);
  if (isText(head, at, "\x01vorbis")) return "vorbis";
  if (isText(head, at, "OpusHead")) return "opus";
  return isText(head, at, "\x7fFLAC") ? "flac" : null;
}
