// Opus in Ogg: two headers, then packets whose first two bytes give their duration. Always 48 kHz.
import { concatBytes, isText } from "../parts/bytes.ts";
import type { OggCodec } from "./ogg-codec.ts";
import { isPlayable } from "../parts/stream-header.ts";

const COMMENTS_MARK = Uint8Array.from(Buffer.from("OpusTags"));
const ID_BYTES = 19;
const GAIN_AT = 16;

/** 120 ms at 48 kHz, the limit of a packet. */
const LONGEST_PACKET = 5760;

/** The codec of a chain that begins with this packet, or null. */
export function identifyOpus(packet: Uint8Array): OggCodec | null {
  if (!isText(packet, 0, "OpusHead") || packet.length < ID_BYTES) return null;
  // A higher major version is another format.
  const version = packet[8] ?? 0;
  const format = { codec: "opus", sampleRate: 48_000, channels: packet[9] ?? 0 } as const;
  if (version > 15 || !isPlayable(format)) return null;
  return {
    format,
    needsPacketBefore: false,
    preSkip: (packet[10] ?? 0) | ((packet[11] ?? 0) << 8),
    commentsAt: COMMENTS_MARK.length,
    // Opus can be decoded even if its comments were lost.
    roleOf: (index, byte) => (index === 1 && byte === COMMENTS_MARK[0] ? "comments" : "audio"),
    isLast: () => true,
    headers: (comments) => [packet, concatBytes([COMMENTS_MARK, comments])],
    startedLater: withPreSkip,
    levelled: withGain,
    samplesOf: opusPacketSamples,
  };
}

/** Sets the pre-skip to the given samples: listeners lose and repeat none, although decoders need a moment to converge. */
function withPreSkip(first: Uint8Array, preSkip: number): Uint8Array {
  const copy = first.slice();
  copy[10] = preSkip & 0xff;
  copy[11] = preSkip >> 8;
  return copy;
}

/** Every decoder applies the output gain, in 256ths of a dB. */
function withGain(first: Uint8Array, gainDb: number): Uint8Array {
  const copy = first.slice();
  const view = new DataView(copy.buffer);
  const gain = view.getInt16(GAIN_AT, true) + Math.round(gainDb * 256);
  view.setInt16(GAIN_AT, Math.max(-32_768, Math.min(32_767, gain)), true);
  return copy;
}

/** Samples at 48 kHz, by the packet's table-of-contents byte and the frame count behind it. */
export function opusPacketSamples(packet: Uint8Array): number {
  const [toc, count = 0] = packet;
  if (toc === undefined) return 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? count & 63 : 2;
  return Math.min(frames * frameSamples(toc >> 3), LONGEST_PACKET);
}

function frameSamples(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3] ?? 0;
  if (configuration < 16) return [480, 960][configuration & 1] ?? 0;
  return 120 << (configuration & 3);
}
