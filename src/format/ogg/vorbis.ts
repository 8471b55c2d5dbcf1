// Vorbis in Ogg: three headers, then packets whose exact duration depends on the setup header.
import { concatBytes, isText } from "../parts/bytes.ts";
import type { OggCodec } from "./ogg-codec.ts";
import { isPlayable } from "../parts/stream-header.ts";

const COMMENTS_MARK = Uint8Array.of(3, ...Buffer.from("vorbis"));
const ID_BYTES = 30;

/** The codec of a chain that begins with this packet, or null. */
export function identifyVorbis(packet: Uint8Array): OggCodec | null {
  if (!isText(packet, 0, "\x01vorbis") || packet.length < ID_BYTES) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const format = {
    codec: "vorbis",
    sampleRate: view.getUint32(12, true),
    channels: view.getUint8(11),
  } as const;
  if (!isPlayable(format)) return null;
  const longestBlock = 2 ** (view.getUint8(28) >> 4);
  return {
    format,
    preSkip: 0,
    // Each block overlaps the previous one.
    needsPacketBefore: true,
    commentsAt: COMMENTS_MARK.length,
    roleOf(_, firstByte) {
      if (firstByte === 3) return "comments";
      // The first byte of an audio packet is even.
      return (firstByte & 1) === 0 ? "audio" : "kept";
    },
    isLast: (_, firstByte) => firstByte === 5,
    headers(comments, kept) {
      const setup = kept.find((header) => header[0] === 5);
      if (setup === undefined) return null;
      const framed = concatBytes([COMMENTS_MARK, comments, Uint8Array.of(1)]);
      return [packet, framed, setup];
    },
    startedLater: (first) => first,
    // Two blocks overlap by half of each; two long ones give the longest duration.
    samplesOf: () => longestBlock / 2,
  };
}
