// AAC in ADTS: frame headers, silence, and the parser.
import type { FrameParser, StreamFormat } from "../frame.ts";
import { createSyncParser, type SyncHeader } from "./sync-parser.ts";

/** A header without CRC; with CRC it is two bytes longer. */
export const ADTS_HEAD_BYTES = 7;

const CRC_BYTES = 2;
const SAMPLES_PER_BLOCK = 1024;

const RATES = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];

// By channel configuration; 0 means that the frame itself defines the channels, which are nearly always two.
const CHANNEL_COUNTS = [2, 1, 2, 3, 4, 5, 6, 8];

/** The header at `at`; null if it is invalid or there are fewer than ADTS_HEAD_BYTES. */
export function parseAdtsHeader(bytes: Uint8Array, at = 0): SyncHeader | null {
  if (at + ADTS_HEAD_BYTES > bytes.length || bytes[at] !== 0xff) return null;
  const second = bytes[at + 1] ?? 0;
  const third = bytes[at + 2] ?? 0;
  const fourth = bytes[at + 3] ?? 0;
  // The layer bits are always 0 in ADTS, never in MPEG audio.
  if ((second & 0xf6) !== 0xf0) return null;
  const sampleRate = RATES[(third >> 2) & 15];
  if (sampleRate === undefined) return null;
  const sixth = bytes[at + 5] ?? 0;
  const length = ((fourth & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | (sixth >> 5);
  const hasCrc = (second & 1) === 0;
  if (length <= ADTS_HEAD_BYTES + (hasCrc ? CRC_BYTES : 0)) return null;

  const blocks = ((bytes[at + 6] ?? 0) & 3) + 1;
  const configuration = ((third & 1) << 2) | (fourth >> 6);
  return {
    length,
    samples: SAMPLES_PER_BLOCK * blocks,
    // MPEG-2 or 4, profile, rate, channels; the CRC, private and copyright bits may vary.
    signature: ((second & 8) << 16) | ((third & 0xfd) << 8) | (fourth & 0xc0),
    format: internFormat(sampleRate, CHANNEL_COUNTS[configuration] ?? 2),
  };
}

/**
 * A parser for AAC in ADTS. HE-AAC headers have the core's rate, half of what players show, which is right for pacing
 * and the same in every frame.
 */
export function createAdtsParser(): FrameParser {
  return createSyncParser({ headerBytes: ADTS_HEAD_BYTES, parse: parseAdtsHeader });
}

// Raw data blocks without scale factor bands, which decode to silence:
// one channel element (SCE: id 000; CPE: id 001, common window), zero gains, no tools, END (111), zeros to the byte.
const MONO_SILENCE = Uint8Array.of(0x00, 0x00, 0x00, 0x07);
const STEREO_SILENCE = Uint8Array.of(0x21, 0x00, 0x00, 0x00, 0x00, 0x1c);

/** One silent frame of AAC LC. Throws RangeError for a rate that AAC does not have, and for more than two channels. */
export function silentAacFrame(format: StreamFormat): Uint8Array {
  const { sampleRate, channels } = format;
  const rateIndex = RATES.indexOf(sampleRate);
  if (rateIndex < 0 || channels < 1 || channels > 2) {
    throw new RangeError(`no silent AAC with ${sampleRate} Hz, ${channels} channels`);
  }
  const block = channels === 1 ? MONO_SILENCE : STEREO_SILENCE;
  const length = ADTS_HEAD_BYTES + block.length;
  // MPEG-4, no CRC; LC; buffer fullness of all ones: variable bitrate.
  const head = [0xff, 0xf1, 0x40 | (rateIndex << 2), channels << 6, length >> 3];
  return Uint8Array.of(...head, ((length & 7) << 5) | 0x1f, 0xfc, ...block);
}

// One shared object per format, since headers are parsed for every frame and often in garbage.
const formats = new Map<number, StreamFormat>();

function internFormat(sampleRate: number, channels: number): StreamFormat {
  const key = sampleRate * 16 + channels;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made: StreamFormat = { codec: "aac", sampleRate, channels };
  formats.set(key, made);
  return made;
}
