// Speex in Ogg: two or more headers, then packets of equal duration.
import { isText } from "../parts/bytes.ts";
import type { OggCodec } from "./ogg-codec.ts";
import { isPlayable } from "../parts/stream-header.ts";

const ID_BYTES = 80;
const MOST_EXTRA_HEADERS = 16;

/** The longest frame is 640 samples, 20 ms at 32 kHz. */
const LONGEST_FRAME = 640;
const MOST_FRAMES = 64;

/** The codec of a chain that begins with this packet, or null. */
export function identifySpeex(packet: Uint8Array): OggCodec | null {
  if (!isText(packet, 0, "Speex   ") || packet.length < ID_BYTES) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const format = {
    codec: "speex",
    sampleRate: view.getUint32(36, true),
    channels: view.getUint32(48, true),
  } as const;
  const frameSamples = view.getUint32(56, true);
  const framesPerPacket = view.getUint32(64, true);
  const extraHeaders = view.getUint32(68, true);
  if (!isPlayable(format) || extraHeaders > MOST_EXTRA_HEADERS) return null;
  if (frameSamples > LONGEST_FRAME || framesPerPacket > MOST_FRAMES) return null;
  return {
    format,
    preSkip: 0,
    needsPacketBefore: false,
    commentsAt: 0,
    roleOf(index) {
      if (index === 1) return "comments";
      return index < 2 + extraHeaders ? "kept" : "audio";
    },
    isLast: (index) => index === 1 + extraHeaders,
    headers: (comments, kept) => [packet, comments, ...kept],
    samplesOf: () => frameSamples * framesPerPacket,
  };
}
