// The initialization segment of one sound track whose packets follow in fragments.
import { ascii, box, fullBox, u16, u32, zeros } from "./box.ts";

export interface TrackDescription {
  /** Hz; the unit of all times. */
  readonly sampleRate: number;
  /** Samples that decoders discard at the start. */
  readonly preSkip: number;
  /** The sample entry. */
  readonly entry: Uint8Array;
  /** Descriptions of sample groups; empty without any. */
  readonly groups: Uint8Array;
}

export const TRACK_ID = 1;

/** Normal speed, full volume, 16.16 and 8.8. */
const ONE = 0x1_0000;
const FULL_VOLUME = 0x100;
const UNITY_MATRIX = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x4000_0000] as const;

/** Enabled, and part of the presentation. */
const TRACK_IN_MOVIE = 3;
const SAME_FILE = 1;
/** "und": the language is not known. */
const NO_LANGUAGE = 0x55c4;

export function initSegment(track: TrackDescription): Uint8Array<ArrayBuffer> {
  const fileType = box("ftyp", ascii("iso6"), u32(0), ascii("iso6"), ascii("mp41"));
  const extended = box("mvex", fullBox("trex", 0, 0, u32(TRACK_ID, 1, 0, 0, 0)));
  const movie = box("moov", movieHeader(track), trackBox(track), extended);
  const all = new Uint8Array(fileType.length + movie.length);
  all.set(fileType);
  all.set(movie, fileType.length);
  return all;
}

/** A duration of 0 stands for all fragments that will follow. */
function movieHeader({ sampleRate }: TrackDescription): Uint8Array {
  const times = u32(0, 0, sampleRate, 0);
  const look = [u32(ONE), u16(FULL_VOLUME), zeros(10), u32(...UNITY_MATRIX), zeros(24)];
  return fullBox("mvhd", 0, 0, times, ...look, u32(TRACK_ID + 1));
}

function trackBox(track: TrackDescription): Uint8Array {
  const times = u32(0, 0, TRACK_ID, 0, 0);
  const look = [zeros(12), u16(FULL_VOLUME, 0), u32(...UNITY_MATRIX), zeros(8)];
  const header = fullBox("tkhd", 0, TRACK_IN_MOVIE, times, ...look);
  return box("trak", header, ...editsOf(track), mediaBox(track));
}

/** Playing begins behind the pre-skip. */
function editsOf({ preSkip }: TrackDescription): Uint8Array[] {
  if (preSkip === 0) return [];
  return [box("edts", fullBox("elst", 0, 0, u32(1, 0, preSkip, ONE)))];
}

function mediaBox(track: TrackDescription): Uint8Array {
  const language = u16(NO_LANGUAGE, 0);
  const header = fullBox("mdhd", 0, 0, u32(0, 0, track.sampleRate, 0), language);
  const name = ascii("sound\0");
  const handler = fullBox("hdlr", 0, 0, u32(0), ascii("soun"), zeros(12), name);
  const source = box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, SAME_FILE)));
  const sound = fullBox("smhd", 0, 0, zeros(4));
  return box("mdia", header, handler, box("minf", sound, source, sampleTable(track)));
}

/** Empty: all samples are in fragments. */
function sampleTable({ entry, groups }: TrackDescription): Uint8Array {
  const descriptions = fullBox("stsd", 0, 0, u32(1), entry);
  const none = ["stts", "stsc"].map((type) => fullBox(type, 0, 0, u32(0)));
  const sizes = fullBox("stsz", 0, 0, u32(0, 0));
  const places = fullBox("stco", 0, 0, u32(0));
  return box("stbl", descriptions, ...none, sizes, places, groups);
}
