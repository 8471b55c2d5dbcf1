// The first frame of an MP3 file, silent, with what players want to know: length, encoder delay and padding, level.
import { parseMpegHeader, silentMpegFrame } from "../format/sync/mpeg.ts";
import type { StreamFormat } from "../format/frame.ts";

export interface Mp3Facts {
  /** Frames and bytes behind this one. */
  readonly frames: number;
  readonly bytes: number;
  /** Samples that the encoder put in front and behind; the decoder's own delay is not in them. */
  readonly delay: number;
  readonly padding: number;
  /** LUFS. */
  readonly loudness: number | null;
  /** dBTP. */
  readonly truePeak: number | null;
}

/** "Info" up to the last field, the checksum. */
const TAG_BYTES = 156;
const FRAMES_AT = 8;
const BYTES_AT = 12;
const TOC_AT = 16;
const TOC_ENTRIES = 100;
const ENCODER_AT = 120;
const PEAK_AT = 131;
const GAIN_AT = 135;
const DELAY_AT = 141;
const LENGTH_AT = 148;
const CRC_AT = 154;

/** Frames, bytes, table of contents and quality are there. */
const FIELDS = 15;
const QUALITY_AT = 116;

/** Of 100; nobody reads it, but where the encoder's name stands depends on it. */
const QUALITY = 50;

/** Players believe delay and padding of this encoder. */
const ENCODER = "LAME3.100";

/** ReplayGain is relative to this; its field holds at most 51.1 dB in steps of 0.1 dB. */
const REFERENCE_LUFS = -18;
const MAX_GAIN = 511;
const RADIO_BY_MACHINE = (1 << 13) | (3 << 10);
const NEGATIVE = 1 << 9;

/** Full scale of the peak field. */
const PEAK_ONE = 1 << 23;

/** The bytes behind this frame at which a share of the frames ends, from 0 to 1. */
export type ByteAt = (share: number) => number;

/** `byteAt`: of a variable bit rate. Throws RangeError for a format that MP3 does not have. */
export function infoFrame(
  format: StreamFormat,
  facts: Mp3Facts,
  byteAt: ByteAt | null = null,
): Uint8Array {
  const frame = frameFor(format);
  const tagAt = sideInfoEnd(frame, format);
  const tag = frame.subarray(tagAt, tagAt + TAG_BYTES);
  tag.set(Buffer.from(byteAt === null ? "Info" : "Xing"));
  const view = new DataView(tag.buffer, tag.byteOffset, TAG_BYTES);
  view.setUint32(4, FIELDS);
  view.setUint32(FRAMES_AT, facts.frames);
  view.setUint32(BYTES_AT, facts.bytes + frame.length);
  view.setUint32(QUALITY_AT, QUALITY);
  tag.set(tableOf(facts.bytes, frame.length, byteAt), TOC_AT);
  tag.set(Buffer.from(ENCODER), ENCODER_AT);
  setLevel(view, facts);
  tag[DELAY_AT] = facts.delay >> 4;
  tag[DELAY_AT + 1] = ((facts.delay & 15) << 4) | (facts.padding >> 8);
  tag[DELAY_AT + 2] = facts.padding & 0xff;
  view.setUint32(LENGTH_AT, facts.bytes + frame.length);
  view.setUint16(CRC_AT, crc16(frame.subarray(0, tagAt + CRC_AT)));
  return frame;
}

/** For each hundredth of the time, where it is in the file, in 256ths. */
function tableOf(bytes: number, frameBytes: number, byteAt: ByteAt | null): Uint8Array {
  const placeOf = (share: number) =>
    byteAt === null ? share : (frameBytes + byteAt(share)) / (frameBytes + bytes);
  return Uint8Array.from({ length: TOC_ENTRIES }, (_, i) =>
    Math.min(255, Math.floor(placeOf(i / TOC_ENTRIES) * 256)),
  );
}

/** What infoFrame() wrote; null for a frame without it. `format`: of the file. */
export function readInfoFrame(frame: Uint8Array, format: StreamFormat): Mp3Facts | null {
  const tag = frame.subarray(sideInfoEnd(frame, format));
  if (tag.length < TAG_BYTES || Buffer.from(tag.subarray(0, 4)).toString() !== "Info") return null;
  const view = new DataView(tag.buffer, tag.byteOffset, TAG_BYTES);
  const middle = tag[DELAY_AT + 1] ?? 0;
  return {
    frames: view.getUint32(FRAMES_AT),
    bytes: view.getUint32(BYTES_AT) - (parseMpegHeader(frame)?.length ?? 0),
    delay: ((tag[DELAY_AT] ?? 0) << 4) | (middle >> 4),
    padding: ((middle & 15) << 8) | (tag[DELAY_AT + 2] ?? 0),
    ...levelOf(view),
  };
}

/** The smallest frame that holds the tag. */
function frameFor(format: StreamFormat): Uint8Array {
  for (let bitrate = 1; bitrate < 15; bitrate++) {
    const head = silentMpegFrame(format).slice(0, 4);
    head[2] = ((head[2] ?? 0) & 0x0f) | (bitrate << 4);
    const length = parseMpegHeader(head)?.length ?? 0;
    if (length < sideInfoEnd(head, format) + TAG_BYTES) continue;
    const frame = new Uint8Array(length);
    frame.set(head);
    return frame;
  }
  throw new RangeError(`no frame for a tag at ${format.sampleRate} Hz`);
}

function sideInfoEnd(frame: Uint8Array, { channels }: StreamFormat): number {
  const isFirstVersion = parseMpegHeader(frame)?.version === 1;
  if (isFirstVersion) return 4 + (channels === 1 ? 17 : 32);
  return 4 + (channels === 1 ? 9 : 17);
}

function setLevel(view: DataView, { loudness, truePeak }: Mp3Facts): void {
  if (truePeak !== null) view.setUint32(PEAK_AT, Math.round(10 ** (truePeak / 20) * PEAK_ONE));
  if (loudness === null) return;
  const tenths = Math.round((REFERENCE_LUFS - loudness) * 10);
  const size = Math.min(MAX_GAIN, Math.abs(tenths));
  view.setUint16(GAIN_AT, RADIO_BY_MACHINE | (tenths < 0 ? NEGATIVE : 0) | size);
}

function levelOf(view: DataView): Pick<Mp3Facts, "loudness" | "truePeak"> {
  const gain = view.getUint16(GAIN_AT);
  const peak = view.getUint32(PEAK_AT);
  const tenths = (gain & MAX_GAIN) * ((gain & NEGATIVE) === 0 ? 1 : -1);
  return {
    loudness: gain === 0 ? null : REFERENCE_LUFS - tenths / 10,
    truePeak: peak === 0 ? null : 20 * Math.log10(peak / PEAK_ONE),
  };
}

/** CRC-16 of polynomial 8005, reflected, from 0. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0xa001;
  }
  return crc;
}
