// What the Ogg parser must know of a codec.
import type { StreamFormat } from "../frame.ts";

/** A header packet behind the first; "audio": it is none, the headers ended before it. */
export type PacketRole = "comments" | "kept" | "dropped" | "audio";

/** One chain's codec, made from its first packet. */
export interface OggCodec {
  readonly format: StreamFormat;
  /** Samples at the beginning of a chain that are decoded and not heard. */
  readonly preSkip: number;
  /** Whether a decoder that starts at a packet hears nothing of it, and the next one in full. */
  readonly needsPacketBefore: boolean;
  /** Bytes in front of the comments in their packet. */
  readonly commentsAt: number;
  /** What the packet with this index (from 1) and first byte (-1: empty) is. */
  roleOf(index: number, firstByte: number): PacketRole;
  /** Whether this header packet is the last. */
  isLast(index: number, firstByte: number): boolean;
  /** All header packets in order; null when audio cannot be decoded with what was there. */
  headers(comments: Uint8Array, kept: readonly Uint8Array[]): Uint8Array[] | null;
  /** The first packet for a chain that begins in mid-stream, where `preSkip` samples are still to be skipped.
   * Absent: players do not follow such a chain. */
  startedLater?(first: Uint8Array, preSkip: number): Uint8Array;
  /** The first packet with another level, for codecs whose decoders apply one from there. */
  levelled?(first: Uint8Array, gainDb: number): Uint8Array;
  /** Samples a packet of audio decodes to (Vorbis: at most), from its first bytes. */
  samplesOf(packet: Uint8Array): number;
}
