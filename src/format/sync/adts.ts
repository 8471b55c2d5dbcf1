// AAC in ADTS: what a frame header says, silence, and the parser.
import type { FrameParser, StreamFormat } from "../frame.ts";
import { createSyncParser, type SyncHeader } from "./sync-parser.ts";

/** A header without its CRC; one with it is two bytes longer. */
export const ADTS_HEAD_BYTES = 7;

const CRC_BYTES = 2;
const SAMPLES_PER_BLOCK = 1024;

const RATES = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];

// Indexed by the channel configuration. 0 says that the channels stand in the frame itself, which nearly
// always are two.
const CHANNEL_COUNTS = [2, 1, 2, 3, 4, 5, 6, 8];

/** The header at `at`, or null when no frame can start so or fewer than ADTS_HEAD_BYTES are there. */
export function parseAdtsHeader(bytes: Uint8Array, at = 0): SyncHeader | null {
  if (at + ADTS_HEAD_BYTES > bytes.length || bytes[at] !== 0xff) return null;
  const second = bytes[at + 1] ?? 0;
  const third = bytes[at + 2] ?? 0;
  const fourth = bytes[at + 3] ?? 0;
  // The layer bits are never 0 in MPEG audio and always here.
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
    // MPEG-2 or 4, profile, rate, channels. CRC, private and copyright bits may vary.
    signature: ((second & 8) << 16) | ((third & 0xfd) << 8) | (fourth & 0xc0),
    format: internFormat(sampleRate, CHANNEL_COUNTS[configuration] ?? 2),
  };
}

/**
 * Frames out of AAC in ADTS. HE-AAC tells only half its rate (the core's): right for pacing, and the same in
 * every frame, but not what a player shows.
 */
export function createAdtsParser(): FrameParser {
  return createSyncParser({ headerBytes: ADTS_HEAD_BYTES, parse: parseAdtsHeader });
}

// Raw data blocks without a single scale factor band, so that nothing is coded but silence:
// one channel element (SCE: id 000; CPE: id 001, common window), zero gains, no tools, END (111), zeros to the byte.
const MONO_SILENCE = Uint8Array.of(0x00, 0x00, 0x00, 0x07);
const STEREO_SILENCE = Uint8Array.of(0x21, 0x00, 0x00, 0x00, 0x00, 0x1c);

/** One silent frame of AAC LC. Throws RangeError for a rate AAC does not have, or for more than two channels. */
export function silentAacFrame(format: StreamFormat): Uint8Array {
  const { sampleRate, channels } = format;
  const rateIndex = RATES.indexOf(sampleRate);
  if (rateIndex < 0 || channels < 1 || channels > 2) {
    throw new RangeError(`no silent AAC with ${sampleRate} Hz, ${channels} channels`);
  }
  const block = channels === 1 ? MONO_SILENCE : STEREO_SILENCE;
  const length = ADTS_HEAD_BYTES + block.length;
  // MPEG-4, no CRC; LC; a buffer fullness of all ones means variable bitrate.
  const head = [0xff, 0xf1, 0x40 | (rateIndex << 2), channels << 6, length >> 3];
  return Uint8Array.of(...head, ((length & 7) << 5) | 0x1f, 0xfc, ...block);
}

// One object per format, made once: a header is read for every frame, and often for nothing in garbage.
const formats = new Map<number, StreamFormat>();

function internFormat(sampleRate: number, channels: number): StreamFormat {
  const key = sampleRate * 16 + channels;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made: StreamFormat = { codec: "aac", sampleRate, channels };
  formats.set(key, made);
  return made;
}
