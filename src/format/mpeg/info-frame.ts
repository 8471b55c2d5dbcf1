// The table for players that encoders put into a first, silent frame (Xing, Info) and LAME's addition to it.
import { isText } from "../parts/bytes.ts";
import { parseMpegHeader, sideInfoBytes } from "../sync/mpeg.ts";

/** What an encoder says of its file. */
export interface InfoFrame {
  /** Samples that the encoder put in front of the audio, without the decoder's own delay. */
  readonly delay: number;
  /** Samples behind the audio, up to the end of the last frame. */
  readonly padding: number;
  /** ReplayGain in dB towards 89 dB SPL; null if the encoder did not measure it. */
  readonly replayGain: number | null;
  /** Highest sample, 1 being full scale; null if the encoder did not measure it. */
  readonly peak: number | null;
}

const HEADER_BYTES = 4;
const FIELDS_AT = 8;
const SEVERAL_BYTES = [4, 4, 100, 4] as const;

/** Offsets in LAME's addition, behind the encoder's name of nine bytes. */
const PEAK_AT = 11;
const GAIN_AT = 15;
const ENDS_AT = 21;
const ADDITION_BYTES = 24;

const PEAK_SCALE = 2 ** 23;
const RADIO_GAIN = 1;

/** null if the frame is none, or its encoder said nothing of this. */
export function readInfoFrame(frame: Uint8Array): InfoFrame | null {
  const table = tableAt(frame);
  const at = table === null ? 0 : additionAt(frame, table);
  // LAME, or a library that writes the same: Lavc, Lavf.
  if (table === null || !/^L(?:AME|av[cf])/.test(latin1(frame, at, 4))) return null;
  if (at + ADDITION_BYTES > frame.length) return null;
  const [first = 0, second = 0, third = 0] = frame.subarray(at + ENDS_AT);
  return {
    delay: (first << 4) | (second >> 4),
    padding: ((second & 15) << 8) | third,
    replayGain: readGain(number(frame, at + GAIN_AT, 2)),
    peak: number(frame, at + PEAK_AT, 4) / PEAK_SCALE || null,
  };
}

function tableAt(frame: Uint8Array): number | null {
  const header = parseMpegHeader(frame);
  if (header === null || header.layer !== 3) return null;
  const at = HEADER_BYTES + sideInfoBytes(header);
  // LAME leaves the CRC out of the count when it places the magic, other encoders do not.
  const starts = header.hasCrc ? [at, at + 2] : [at];
  return starts.find((i) => isText(frame, i, "Xing") || isText(frame, i, "Info")) ?? null;
}

/** The fields before it are there as the flags say. */
function additionAt(frame: Uint8Array, table: number): number {
  const flags = number(frame, table + 4, 4);
  const has = (bit: number) => ((flags >> bit) & 1) === 1;
  return SEVERAL_BYTES.reduce((at, bytes, bit) => at + (has(bit) ? bytes : 0), table + FIELDS_AT);
}

/** Three bits say what it is, three who set it, one is the sign, nine are tenths of a dB. */
function readGain(bits: number): number | null {
  if (bits >> 13 !== RADIO_GAIN) return null;
  const db = (bits & 0x1ff) / 10;
  return (bits & 0x200) === 0 ? db : -db;
}

function number(bytes: Uint8Array, at: number, count: number): number {
  return bytes.subarray(at, at + count).reduce((sum, byte) => sum * 256 + byte, 0);
}

function latin1(bytes: Uint8Array, at: number, count: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + count));
}
