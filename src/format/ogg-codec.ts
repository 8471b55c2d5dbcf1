// What the Ogg parser must know of a codec, and which codec a chain's first packet names.
import { identifyFlac } from "./flac-in-ogg.ts";
import type { StreamFormat } from "./frame.ts";
import { identifyOpus } from "./opus.ts";
import { identifySpeex } from "./speex.ts";
import { identifyVorbis } from "./vorbis.ts";

/** A header packet behind the first; "audio": it is none, the headers ended before it. */
export type PacketRole = "comments" | "kept" | "dropped" | "audio";

/** One chain's codec, made from its first packet. */
export interface OggCodec {
  readonly format: StreamFormat;
  /** Samples at the beginning of a chain that are decoded and not heard. */
  readonly preSkip: number;
  /** Bytes in front of the comments in their packet. */
  readonly commentsAt: number;
  /** What the packet with this index (from 1) and first byte (-1: empty) is. */
  roleOf(index: number, firstByte: number): PacketRole;
  /** Whether this header packet is the last. */
  isLast(index: number, firstByte: number): boolean;
  /** All header packets in order; null when audio cannot be decoded with what was there. */
  headers(comments: Uint8Array, kept: readonly Uint8Array[]): Uint8Array[] | null;
  /** Samples a packet of audio decodes to (Vorbis: at most), from its first bytes. */
  samplesOf(packet: Uint8Array): number;
}

/** The codec of a first packet; null when it is not audio that can be played. */
export function identifyOggCodec(packet: Uint8Array): OggCodec | null {
  return (
    identifyVorbis(packet) ?? identifyOpus(packet) ?? identifyFlac(packet) ?? identifySpeex(packet)
  );
}
