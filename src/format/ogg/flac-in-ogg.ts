// FLAC in Ogg (mapping 1.x): metadata blocks are the headers; each packet is a frame, which gives its block size.
import { concatBytes, isText } from "../parts/bytes.ts";
import type { OggCodec } from "./ogg-codec.ts";
import { isPlayable } from "../parts/stream-header.ts";

const ID_BYTES = 51;
const HEADER_COUNT_AT = 7;
const BLOCK_HEAD_AT = 13;
const BLOCK_HEAD_BYTES = 4;
/** Position of the sample count, 36 bits whose first four share a byte with the bits per sample, and of the MD5. */
const TOTALS_AT = 30;
const COMMENTS_BLOCK = 4;
const LAST_BLOCK = 0x80;

/** The first byte of every frame, and of no metadata block. */
const FRAME_START = 0xff;

/** The codec of a chain that begins with this packet, or null. */
export function identifyFlac(packet: Uint8Array): OggCodec | null {
  if (!isText(packet, 0, "\x7fFLAC\x01") || packet.length < ID_BYTES) return null;
  if (!isText(packet, 9, "fLaC") || ((packet[BLOCK_HEAD_AT] ?? 0) & ~LAST_BLOCK) !== 0) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  // 20 bits of rate, 3 of channels - 1, 5 of bits per sample - 1.
  const packed = view.getUint32(27);
  const format = {
    codec: "flac",
    sampleRate: packed >>> 12,
    channels: ((packed >>> 9) & 7) + 1,
    bitsPerSample: ((packed >>> 4) & 31) + 1,
  } as const;
  if (!isPlayable(format)) return null;
  const headerCount = view.getUint16(HEADER_COUNT_AT);
  return {
    format,
    preSkip: 0,
    needsPacketBefore: false,
    commentsAt: BLOCK_HEAD_BYTES,
    roleOf(_, firstByte) {
      if (firstByte === FRAME_START) return "audio";
      // A stream needs no seek tables, padding or pictures.
      return (firstByte & ~LAST_BLOCK) === COMMENTS_BLOCK ? "comments" : "dropped";
    },
    isLast: (index, firstByte) => index === headerCount || (firstByte & LAST_BLOCK) !== 0,
    headers: (comments) => [withOneMoreHeader(packet), commentsPacket(comments)],
    startedLater: withoutTotals,
    samplesOf: flacFrameSamples,
  };
}

function withOneMoreHeader(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy[HEADER_COUNT_AT] = 0;
  copy[HEADER_COUNT_AT + 1] = 1;
  copy[BLOCK_HEAD_AT] = 0;
  return copy;
}

/** Sets the number of samples and the MD5 to 0 (unknown), since they describe the original chain. */
function withoutTotals(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy[TOTALS_AT] = (copy[TOTALS_AT] ?? 0) & 0xf0;
  return copy.fill(0, TOTALS_AT + 1, ID_BYTES);
}

function commentsPacket(comments: Uint8Array): Uint8Array {
  const { length } = comments;
  const head = Uint8Array.of(LAST_BLOCK | COMMENTS_BLOCK, length >> 16, length >> 8, length);
  return concatBytes([head, comments]);
}

/** Samples per channel of the frame that begins like this; 0 if it is not a frame. */
export function flacFrameSamples(frame: Uint8Array): number {
  if (frame[0] !== FRAME_START) return 0;
  const code = (frame[2] ?? 0) >> 4;
  if (code === 1) return 192;
  if (code >= 8) return 256 << (code - 8);
  if (code >= 2 && code <= 5) return 576 << (code - 2);
  if (code === 0) return 0;
  // After the frame number, whose length is the number of leading ones in its first byte (0: one byte).
  const at = 4 + Math.max(1, Math.clz32(~((frame[4] ?? 0) << 24)));
  const high = frame[at] ?? 0;
  return 1 + (code === 6 ? high : (high << 8) | (frame[at + 1] ?? 0));
}
