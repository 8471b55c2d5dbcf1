// The codec properties that the Ogg parser needs.
import type { StreamFormat } from "../frame.ts";

/** The role of a packet after the first; "audio": it is not a header, so the headers are over. */
export type PacketRole = "comments" | "kept" | "dropped" | "audio";

/** A chain's codec, created from its first packet. */
export interface OggCodec {
  readonly format: StreamFormat;
  /** Samples at a chain's start that players decode and discard. */
  readonly preSkip: number;
  /** A decoder that starts at a packet outputs nothing of it, but the next one completely. */
  readonly needsPacketBefore: boolean;
  /** Offset of the comments in their packet. */
  readonly commentsAt: number;
  /** The role of the packet with this index (from 1) and first byte (-1: empty). */
  roleOf(index: number, firstByte: number): PacketRole;
  /** Whether this header packet is the last. */
  isLast(index: number, firstByte: number): boolean;
  /** All header packets in order; null if they do not suffice for decoding. */
  headers(comments: Uint8Array, kept: readonly Uint8Array[]): Uint8Array[] | null;
  /** The first packet for a chain that begins in mid-stream with this pre-skip. Absent if players cannot decode such a
   * chain. */
  startedLater?(first: Uint8Array, preSkip: number): Uint8Array;
  /** The first packet with another level, for codecs whose decoders apply one from there. */
  levelled?(first: Uint8Array, gainDb: number): Uint8Array;
  /** Samples a packet of audio decodes to (Vorbis: at most), from its first bytes. */
  samplesOf(packet: Uint8Array): number;
}
