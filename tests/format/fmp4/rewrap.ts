// Puts Ogg into fragments as a mount does, cut wherever a test wants.
import type { FrameParser, Frames } from "../../../src/format/frame.ts";
import { FragmentWriter } from "../../../src/format/fmp4/fragment-writer.ts";
import { PacketFrames } from "../../../src/format/fmp4/packet-frames.ts";
import type { Track } from "../../../src/format/fmp4/ogg-track.ts";
import { copyFrames, sliceFrames } from "../../../src/format/frame-slice.ts";
import { createOggParser } from "../../../src/format/ogg/ogg.ts";

export interface Piece {
  readonly track: Track;
  /** One packet. */
  readonly frames: Frames;
}

export interface Rewrapped {
  readonly track: Track;
  /** Playing time before it, in samples. */
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** The packets of a stream that comes in these chunks. */
export function packetsOf(
  chunks: Iterable<Uint8Array>,
  parser: FrameParser = createOggParser(),
): Piece[] {
  const packets = new PacketFrames();
  const pieces: Piece[] = [];
  const takeAll = (first: Frames): void => {
    for (let frames = first; frames.count > 0; frames = parser.next())
      pieces.push(...piecesOf(packets, frames));
  };
  for (const chunk of chunks) takeAll(parser.push(chunk));
  takeAll(parser.end());
  return pieces;
}

export function piecesOf(packets: PacketFrames, frames: Frames): Piece[] {
  const taken = copyFrames(packets.take(frames));
  return Array.from({ length: taken.count }, (_, i) => {
    if (packets.track === null) throw new Error("packets without a track");
    return { track: packets.track, frames: sliceFrames(taken, i, i + 1) };
  });
}

/** Segments of one fragment each, which end where a track does, and where `cut` says so after a packet. */
export function segmentsOf(
  pieces: readonly Piece[],
  cut: (position: number, index: number) => boolean,
): Rewrapped[] {
  const writer = new FragmentWriter();
  const segments: Rewrapped[] = [];
  let held: Frames[] = [];
  let [from, position] = [0, 0];
  for (const [i, { track, frames }] of pieces.entries()) {
    held.push(frames);
    position += frames.samples[0] ?? 0;
    if (pieces[i + 1]?.track === track && !cut(position, i)) continue;
    const sequence = segments.length + 1;
    const bytes = writer.write({ track, frames: held, position: from, sequence });
    segments.push({ track, position: from, bytes });
    held = [];
    from = position;
  }
  return segments;
}
