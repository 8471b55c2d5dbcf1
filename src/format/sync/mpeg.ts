// MPEG audio (versions 1, 2, 2.5; layers I, II, III): frame headers, info frames, silence, and the parser.
import type { Codec, FrameParser, StreamFormat } from "../frame.ts";
import { isText } from "../parts/bytes.ts";
import { createSyncParser, type SyncHeader } from "./sync-parser.ts";

export type MpegVersion = 1 | 2 | 2.5;
export type MpegLayer = 1 | 2 | 3;

export interface MpegHeader extends SyncHeader {
  readonly version: MpegVersion;
  readonly layer: MpegLayer;
  /** kbit/s */
  readonly bitrate: number;
  readonly padded: boolean;
  /** A 16-bit CRC follows the header. */
  readonly hasCrc: boolean;
}

const HEADER_BYTES = 4;

// By the header's fields. Bitrate index 0 (free format) gives no length and 15 is invalid: both yield 0 and are
// refused.
const VERSIONS: readonly (MpegVersion | null)[] = [2.5, null, 2, 1];
const LAYERS: readonly (MpegLayer | null)[] = [null, 3, 2, 1];
const CODECS: readonly Codec[] = ["mp1", "mp2", "mp3"];
const RATES_BY_VERSION = {
  1: [44100, 48000, 32000],
  2: [22050, 24000, 16000],
  2.5: [11025, 12000, 8000],
} as const satisfies Record<MpegVersion, readonly number[]>;

const row = (text: string): readonly number[] => [0, ...text.split(" ").map(Number), 0];
const VERSION1_BITRATES = [
  row("32 64 96 128 160 192 224 256 288 320 352 384 416 448"),
  row("32 48 56 64 80 96 112 128 160 192 224 256 320 384"),
  row("32 40 48 56 64 80 96 112 128 160 192 224 256 320"),
];
const LOW_RATE_LAYER1 = row("32 48 56 64 80 96 112 128 144 160 176 192 224 256");
const LOW_RATE_OTHERS = row("8 16 24 32 40 48 56 64 80 96 112 128 144 160");

/** The header at `at`; null if it is invalid, has no length, or there are fewer than four bytes. */
export function parseMpegHeader(bytes: Uint8Array, at = 0): MpegHeader | null {
  if (at + HEADER_BYTES > bytes.length || bytes[at] !== 0xff) return null;
  const second = bytes[at + 1] ?? 0;
  // Without what may change from frame to frame and says nothing here: the private bit, mode extension, copyright.
  const third = (bytes[at + 2] ?? 0) & 0xfe;
  const fourth = (bytes[at + 3] ?? 0) & 0xc3;
  const latest = latestHeaders[(third >> 1) & 1];
  const key = (second << 16) | (third << 8) | fourth;
  if (latest?.key === key) return latest.header;
  const header = readHeader(second, third, fourth);
  latestHeaders[(third >> 1) & 1] = { key, header };
  return header;
}

/** The latest header without padding and the latest with it: the frames of a stream differ in that alone. */
const latestHeaders: { readonly key: number; readonly header: MpegHeader | null }[] = [];

function readHeader(second: number, third: number, fourth: number): MpegHeader | null {
  if ((second & 0xe0) !== 0xe0 || (fourth & 3) === 2) return null;
  const version = VERSIONS[(second >> 3) & 3] ?? null;
  const layer = LAYERS[(second >> 1) & 3] ?? null;
  if (version === null || layer === null) return null;
  const bitrate = bitratesOf(version, layer)[third >> 4] ?? 0;
  const sampleRate = ratesOf(version)[(third >> 2) & 3] ?? 0;
  if (bitrate === 0 || sampleRate === 0) return null;

  const padded = (third & 2) !== 0;
  const isMono = fourth >> 6 === 3;
  return {
    version,
    layer,
    bitrate,
    padded,
    hasCrc: (second & 1) === 0,
    samples: samplesOf(version, layer),
    length: frameLength(version, layer, bitrate, sampleRate, padded),
    // Version, layer, rate, mono or not; stereo, joint stereo and dual channel may alternate in one stream.
    signature: ((second & 0x1e) << 8) | (third & 0x0c) | (isMono ? 1 : 0),
    format: internFormat(layer, sampleRate, isMono ? 1 : 2),
  };
}

/** Length of a whole frame in bytes, header included. */
export function frameLength(
  version: MpegVersion,
  layer: MpegLayer,
  bitrate: number,
  sampleRate: number,
  padded: boolean,
): number {
  const slot = layer === 1 ? 4 : 1;
  const slots = (samplesOf(version, layer) * bitrate * 125) / (sampleRate * slot);
  return (Math.floor(slots) + (padded ? 1 : 0)) * slot;
}

/** A parser for MPEG audio of any version and layer; it does not treat info frames differently. */
export function createMpegParser(): FrameParser {
  return createSyncParser({ headerBytes: HEADER_BYTES, parse: parseMpegHeader });
}

/**
 * Whether a file's first frame is an info frame (Xing, Info, VBRI) instead of audio. On air it would be 26 ms of
 * silence, and make players show the file's length.
 */
export function isInfoFrame(frame: Uint8Array): boolean {
  const header = parseMpegHeader(frame);
  if (header === null || header.layer !== 3) return false;
  // LAME ignores the CRC in the position of the magic, other encoders do not.
  const starts = header.hasCrc ? [HEADER_BYTES, HEADER_BYTES + 2] : [HEADER_BYTES];
  return starts.some((start) => {
    const body = start + sideInfoBytes(header);
    return (
      isText(frame, body, "Xing") ||
      isText(frame, body, "Info") ||
      isText(frame, start + 32, "VBRI")
    );
  });
}

/**
 * One frame of silence: only zeros after the header, which decode to silence in every layer.
 * Throws RangeError for a rate or channel count that MPEG audio does not have.
 */
export function silentMpegFrame(format: StreamFormat): Uint8Array {
  const version = versionOfRate(format.sampleRate);
  if (version === null || format.channels < 1 || format.channels > 2) {
    throw new RangeError(`no MPEG audio with ${format.sampleRate} Hz, ${format.channels} channels`);
  }
  const layer: MpegLayer = format.codec === "mp3" ? 3 : format.codec === "mp2" ? 2 : 1;
  const bitrates = bitratesOf(version, layer);
  // Below 64 kbit/s layer I has no room for its allocation table, and layer II does not allow stereo.
  const bitrateIndex = bitrates.indexOf(layer === 3 ? 32 : 64);
  const bitrate = bitrates[bitrateIndex] ?? 0;
  const frame = new Uint8Array(frameLength(version, layer, bitrate, format.sampleRate, false));
  frame[0] = 0xff;
  frame[1] = 0xe0 | (VERSIONS.indexOf(version) << 3) | (LAYERS.indexOf(layer) << 1) | 1;
  frame[2] = (bitrateIndex << 4) | (ratesOf(version).indexOf(format.sampleRate) << 2);
  frame[3] = format.channels === 1 ? 0xc0 : 0;
  return frame;
}

/** kbit/s by the header's field; 0 where it has no meaning or no length. */
export function bitratesOf(version: MpegVersion, layer: MpegLayer): readonly number[] {
  if (version === 1) return VERSION1_BITRATES[layer - 1] ?? [];
  return layer === 1 ? LOW_RATE_LAYER1 : LOW_RATE_OTHERS;
}

function ratesOf(version: MpegVersion): readonly number[] {
  return RATES_BY_VERSION[version];
}

function versionOfRate(sampleRate: number): MpegVersion | null {
  return VERSIONS.find((v) => v !== null && ratesOf(v).includes(sampleRate)) ?? null;
}

function samplesOf(version: MpegVersion, layer: MpegLayer): number {
  if (layer === 1) return 384;
  return layer === 3 && version !== 1 ? 576 : 1152;
}

/** Bytes of a layer III frame's side information. */
export function sideInfoBytes(header: MpegHeader): number {
  const isMono = header.format.channels === 1;
  if (header.version === 1) return isMono ? 17 : 32;
  return isMono ? 9 : 17;
}

// One shared object per format, since headers are parsed for every frame and often in garbage.
const formats = new Map<number, StreamFormat>();

function internFormat(layer: MpegLayer, sampleRate: number, channels: number): StreamFormat {
  const key = (sampleRate * 2 + channels - 1) * 4 + layer;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made: StreamFormat = { codec: CODECS[layer - 1] ?? "mp3", sampleRate, channels };
  formats.set(key, made);
  return made;
}
