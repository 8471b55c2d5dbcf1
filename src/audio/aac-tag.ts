// The tag in front of a converted AAC file: ADTS itself has no place for its length and level.
import { isText } from "../format/parts/bytes.ts";

export interface AacFacts {
  /** Frames and bytes behind the tag. */
  readonly frames: number;
  readonly bytes: number;
  /** LUFS */
  readonly loudness: number | null;
  /** dBTP */
  readonly truePeak: number | null;
}

const HEAD_BYTES = 10;
const KEY = "\x03CYCAST_AUDIO\0";
const VALUE_LENGTH = 60;

/** ID3v2.4 with one text frame, of the same length for all facts. */
export function aacTag({ frames, bytes, loudness, truePeak }: AacFacts): Uint8Array {
  const level = [loudness, truePeak].map((db) => db?.toFixed(2) ?? "none");
  const text = KEY + [frames, bytes, ...level].join(" ").padEnd(VALUE_LENGTH);
  const frame = Buffer.concat([head("TXXX", text.length, 2), Buffer.from(text, "latin1")]);
  return Buffer.concat([Buffer.from("ID3\x04\0\0"), sizeOf(frame.length), frame]);
}

function head(name: string, length: number, flagBytes: number): Buffer {
  return Buffer.concat([Buffer.from(name), sizeOf(length), Buffer.alloc(flagBytes)]);
}

/** Seven bits a byte; both are shorter than 128 bytes. */
function sizeOf(length: number): Buffer {
  return Buffer.from([0, 0, length >> 7, length & 127]);
}

/** What aacTag() wrote, and the tag's length; null for a file without it. */
export function readAacTag(start: Uint8Array): (AacFacts & { readonly length: number }) | null {
  const length = 2 * HEAD_BYTES + KEY.length + VALUE_LENGTH;
  if (!isText(start, 2 * HEAD_BYTES, KEY) || start.length < length) return null;
  const text = Buffer.from(start.subarray(length - VALUE_LENGTH, length)).toString("latin1");
  const [frames = NaN, bytes = NaN, loudness = NaN, truePeak = NaN] = text
    .trim()
    .split(" ")
    .map(Number);
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  return { frames, bytes, loudness: orNull(loudness), truePeak: orNull(truePeak), length };
}
