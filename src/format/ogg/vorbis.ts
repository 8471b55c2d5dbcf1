// Vorbis in Ogg: three headers, then packets whose exact length only the setup header could tell.
import { concatBytes, isText } from "../parts/bytes.ts";
import type { OggCodec } from "./ogg-codec.ts";
import { isPlayable } from "../parts/stream-header.ts";

const COMMENTS_MARK = Uint8Array.of(3, ...Buffer.from("vorbis"));
const ID_BYTES = 30;

/** The codec of a chain that starts with this packet, or null. */
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
    // Every block overlaps the one before it.
    needsPacketBefore: true,
    commentsAt: COMMENTS_MARK.length,
    roleOf(_, firstByte) {
      if (firstByte === 3) return "comments";
      // Packets of audio have an even first byte.
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
    // Half of each of two blocks overlaps: two long ones give the most.
    samplesOf: () => longestBlock / 2,
  };
}
