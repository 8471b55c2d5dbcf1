// How long an MP4 file plays, by its edit list. Decoders give whole packets, and AAC fills up the last one.
import { isText } from "../format/parts/bytes.ts";
import type { AudioFile } from "./audio-file.ts";

/** A box of the file: what is in it begins at `from`, and ends before `to`. */
interface Box {
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

const HEAD_BYTES = 16;

/** Broken files could have a box in every eight bytes. */
const MAX_BOXES = 1000;

/** Seconds of the first audio track; null if the file does not say so, or is no MP4. */
export function mp4Seconds(file: AudioFile): number | null {
  if (!isText(file.read(0, HEAD_BYTES), 4, "ftyp")) return null;
  const movie = boxIn(file, { type: "", from: 0, to: file.size }, "moov");
  if (movie === null) return null;
  const header = boxIn(file, movie, "mvhd");
  const tracks = boxesIn(file, movie).filter(({ type }) => type === "trak");
  const sound = tracks.find((track) => isSound(file, track));
  const scale = header === null ? 0 : scaleOf(file, header);
  const units = sound === undefined ? 0 : unitsOf(file, sound);
  // It is rounded to its unit, and no sound is to be lost.
  return units > 0 && scale > 0 ? (units + 1) / scale : null;
}

function isSound(file: AudioFile, track: Box): boolean {
  const handler = boxAt(file, track, "mdia", "hdlr");
  return handler !== null && isText(file.read(handler.from, 12), 8, "soun");
}

/** Units in a second. */
function scaleOf(file: AudioFile, { from }: Box): number {
  const view = viewOf(file, from, 24);
  return view.getUint32(view.getUint8(0) === 1 ? 20 : 12);
}

/** Duration of the only edit; 0 without one, and for files that are cut together of several. */
function unitsOf(file: AudioFile, track: Box): number {
  const list = boxAt(file, track, "edts", "elst");
  if (list === null) return 0;
  const view = viewOf(file, list.from, 16);
  if (view.getUint32(4) !== 1) return 0;
  return view.getUint8(0) === 1 ? Number(view.getBigUint64(8)) : view.getUint32(8);
}

function boxAt(file: AudioFile, box: Box, outer: string, inner: string): Box | null {
  const found = boxIn(file, box, outer);
  return found === null ? null : boxIn(file, found, inner);
}

function boxIn(file: AudioFile, box: Box, wanted: string): Box | null {
  return boxesIn(file, box).find(({ type }) => type === wanted) ?? null;
}

function boxesIn(file: AudioFile, { from, to }: Box): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < MAX_BOXES;) {
    const view = viewOf(file, at, HEAD_BYTES);
    const isLong = view.getUint32(0) === 1;
    const size = isLong ? Number(view.getBigUint64(8)) : view.getUint32(0);
    const end = size === 0 ? to : at + size;
    if (end < at + 8 || end > to) break;
    const type = Buffer.from(view.buffer, 4, 4).toString("latin1");
    boxes.push({ type, from: at + (isLong ? 16 : 8), to: end });
    at = end;
  }
  return boxes;
}

/** Zeros behind the end of the file. */
function viewOf(file: AudioFile, at: number, length: number): DataView {
  const bytes = new Uint8Array(length);
  bytes.set(file.read(at, length));
  return new DataView(bytes.buffer);
}
