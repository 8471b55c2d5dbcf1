// FLAC in Ogg (mapping 1.x): metadata blocks as headers, then a frame a packet that tells its block size.
import { isText } from "../tags/id3.ts";
import type { OggCodec } from "./ogg-codec.ts";
import { concatBytes, isPlayable } from "../parts/stream-header.ts";

const idBytes = 51;
const headerCountAt = 7;
const blockHeadAt = 13;
const blockHeadBytes = 4;
/** 36 bits of samples, whose first four share a byte with the bits per sample, and 16 bytes of MD5. */
const totalsAt = 30;
const commentsBlock = 4;
const lastBlock = 0x80;

/** No metadata block begins with it, every frame does. */
const frameStart = 0xff;

/** The codec of a chain that starts with this packet, or null. */
export function identifyFlac(packet: Uint8Array): OggCodec | null {
  if (!isText(packet, 0, "\x7fFLAC\x01") || packet.length < idBytes) return null;
  if (!isText(packet, 9, "fLaC") || ((packet[blockHeadAt] ?? 0) & ~lastBlock) !== 0) return null;
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
  const headerCount = view.getUint16(headerCountAt);
  return {
    format,
    preSkip: 0,
    needsPacketBefore: false,
    commentsAt: blockHeadBytes,
    roleOf(_, firstByte) {
      if (firstByte === frameStart) return "audio";
      // Seek tables, padding and pictures are of no use to a stream.
      return (firstByte & ~lastBlock) === commentsBlock ? "comments" : "dropped";
    },
    isLast: (index, firstByte) => index === headerCount || (firstByte & lastBlock) !== 0,
    headers: (comments) => [withOneMoreHeader(packet), commentsPacket(comments)],
    startedLater: withoutTotals,
    samplesOf: flacFrameSamples,
  };
}

function withOneMoreHeader(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy[headerCountAt] = 0;
  copy[headerCountAt + 1] = 1;
  copy[blockHeadAt] = 0;
  return copy;
}

/** Number of samples and MD5 of the audio, which are of the whole chain: 0 is unknown. */
function withoutTotals(packet: Uint8Array): Uint8Array {
  const copy = packet.slice();
  copy[totalsAt] = (copy[totalsAt] ?? 0) & 0xf0;
  return copy.fill(0, totalsAt + 1, idBytes);
}

function commentsPacket(comments: Uint8Array): Uint8Array {
  const { length } = comments;
  const head = Uint8Array.of(lastBlock | commentsBlock, length >> 16, length >> 8, length);
  return concatBytes([head, comments]);
}

/** Samples per channel of the frame that starts so; 0 when it is none. */
export function flacFrameSamples(frame: Uint8Array): number {
  if (frame[0] !== frameStart) return 0;
  const code = (frame[2] ?? 0) >> 4;
  if (code === 1) return 192;
  if (code >= 8) return 256 << (code - 8);
  if (code >= 2 && code <= 5) return 576 << (code - 2);
  if (code === 0) return 0;
  // Behind the frame's number, which is as long as its first byte has leading ones (0: one byte).
  const at = 4 + Math.max(1, Math.clz32(~((frame[4] ?? 0) << 24)));
  const high = frame[at] ?? 0;
  return 1 + (code === 6 ? high : (high << 8) | (frame[at + 1] ?? 0));
}
