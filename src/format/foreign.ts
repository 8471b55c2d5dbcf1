// Names foreign file formats by their first bytes, to explain why a file does not play.
import { isText } from "./parts/bytes.ts";

/** Bytes that are checked for being text. */
const TEXT_BYTES = 512;

/** The name may depend on further bytes. */
const MAGICS: readonly (readonly [at: number, bytes: string, name: string])[] = [
  [4, "ftyp", "MP4 (AAC/ALAC)"],
  [0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMA (ASF)"],
  [0, "FORM", "AIFF"],
  [0, "fLaC", "native FLAC"],
  [0, "MAC ", "Monkey's Audio"],
  [0, "wvpk", "WavPack"],
  [0, "MPCK", "Musepack"],
  [0, "MP+", "Musepack"],
  [0, "TTA1", "TTA"],
  [0, "DSD ", "DSD"],
  [0, "FRM8", "DSD"],
  [0, "caff", "CAF"],
  [0, "#!AMR", "AMR"],
  [0, ".RMF", "RealAudio"],
  [0, "MThd", "MIDI"],
  [0, "PK\x03\x04", "a ZIP archive"],
  [0, "%PDF", "PDF"],
];

/** "WAV", "MP4 (AAC/ALAC)", "HTML", …; null if it is none of these. */
export function foreignName(firstBytes: Uint8Array): string | null {
  const magic = MAGICS.find(([at, bytes]) => isText(firstBytes, at, bytes));
  if (magic !== undefined) return magic[2];
  return isWav(firstBytes) ? "WAV" : textName(firstBytes);
}

/** WAV may contain MP3 (format 0x55), whose frames can be played. */
function isWav(bytes: Uint8Array): boolean {
  const isRiff = isText(bytes, 0, "RIFF") || isText(bytes, 0, "RF64");
  return isRiff && isText(bytes, 8, "WAVE") && bytes[20] !== 0x55;
}

function textName(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.subarray(0, TEXT_BYTES)).toString("latin1");
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)\b/i.test(text)) return "HTML";
  return text.length >= 16 && /^[\t\n\r\x20-\x7e]+$/.test(text) ? "text" : null;
}
