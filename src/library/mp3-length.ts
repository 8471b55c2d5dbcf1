// The table in an MP3 file's first frame (Xing, Info, VBRI): how many frames follow, and what the encoder padded.
import { isText } from "../format/parts/bytes.ts";

export interface InfoFrame {
  /** Frames of audio behind this one; 0 if it does not say. */
  readonly frames: number;
  /** From this one to the last, tags left out; 0 if it does not say. */
  readonly bytes: number;
  /** Samples that the encoder put before the sound and behind it. */
  readonly delay: number;
  readonly padding: number;
}

/** A file that lacks less than this is whole. */
const MOSTLY = 0.99;

const FRAMES_FLAG = 1;
const BYTES_FLAG = 2;
const TABLE_FLAG = 4;
const QUALITY_FLAG = 8;

const TABLE_BYTES = 100;

/** From the LAME tag's start to its 24 bits of delay and padding. */
const DELAY_AT = 21;

/** Where side information of any kind ends, CRC or not. */
const XING_PLACES = [13, 15, 21, 23, 36, 38];
const VBRI_AT = 36;

/** The first frame's table; null if it has none. */
export function parseInfoFrame(frame: Uint8Array): InfoFrame | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (isText(frame, VBRI_AT, "VBRI")) {
    const [bytes, frames] = [uint32(view, VBRI_AT + 10), uint32(view, VBRI_AT + 14)];
    return { frames, bytes, delay: 0, padding: 0 };
  }
  const at = XING_PLACES.find(
    (place) => isText(frame, place, "Xing") || isText(frame, place, "Info"),
  );
  return at === undefined ? null : parseXing(view, at);
}

/** Which part of the audio a file has that has so many bytes of it, from the table on: 1 for all. Encoders count
 * differently by a frame. */
export function partThere(info: InfoFrame | null, bytes: number): number {
  if (info === null || bytes > info.bytes * MOSTLY) return 1;
  return bytes / info.bytes;
}

function parseXing(view: DataView, start: number): InfoFrame {
  const flags = uint32(view, start + 4);
  let at = start + 8;
  const frames = (flags & FRAMES_FLAG) === 0 ? 0 : uint32(view, at);
  if ((flags & FRAMES_FLAG) !== 0) at += 4;
  const bytes = (flags & BYTES_FLAG) === 0 ? 0 : uint32(view, at);
  if ((flags & BYTES_FLAG) !== 0) at += 4;
  if ((flags & TABLE_FLAG) !== 0) at += TABLE_BYTES;
  if ((flags & QUALITY_FLAG) !== 0) at += 4;
  const bits = uint32(view, at + DELAY_AT) >>> 8;
  return { frames, bytes, delay: bits >>> 12, padding: bits & 0xfff };
}

/** 0 beyond the end. */
function uint32(view: DataView, at: number): number {
  return at + 4 <= view.byteLength ? view.getUint32(at) : 0;
}
