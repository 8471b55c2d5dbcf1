// The first frame that a listener gets of an MP3 stream. It may refer to audio before the burst (see format/mpeg), which
// a decoder that starts here does not have; then other bytes take its place, in which it is complete.
import { canFollow, carry, type Joined, joinFrames } from "../../format/mpeg/join.ts";
import { readLayer3 } from "../../format/mpeg/layer3.ts";
import { Reservoir } from "../../format/mpeg/reservoir.ts";
import { concatBytes } from "../../format/parts/bytes.ts";
import { parseMpegHeader } from "../../format/sync/mpeg.ts";
import type { Ring } from "../../native/ring.ts";

export interface Opening {
  /** Whole frames, sent before the ring's. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the ring's audio follows. */
  readonly position: number;
}

/** What a frame refers to lies within the last of these, even at the lowest bit rates. */
const BACK_SECONDS = [0.2, 1, 5];

/** Two frames of the largest size. */
const LOOK_BYTES = 2 * 1441;

export class Openings {
  /** Listeners who come between two frames begin at the same one. */
  #position = Number.NaN;
  #opening: Opening | null = null;

  constructor(private readonly ring: Ring) {}

  /** For a frame so many seconds before the head. null where a decoder can start with the ring's own bytes, or nothing
   * better is known. */
  at(position: number, backSeconds: number): Opening | null {
    if (position === this.#position) return this.#opening;
    this.#opening = this.#make(position, backSeconds);
    this.#position = position === this.ring.head ? Number.NaN : position;
    return this.#opening;
  }

  #make(position: number, backSeconds: number): Opening | null {
    const frames = this.#framesAt(position);
    const [first] = frames;
    const reach = reachOf(frames);
    if (first === undefined || reach === 0) return null;
    const before = this.#slotsBefore(position, backSeconds, reach);
    if (before === null) return null;
    const joined = joinFrames(frames, before) ?? carry(first, before);
    return joined === null ? null : openingOf(joined, first, position);
  }

  /** The frame there, and the next if it has been written. */
  #framesAt(position: number): Uint8Array[] {
    const bytes = this.#bytes(position, Math.min(position + LOOK_BYTES, this.ring.head));
    const length = parseMpegHeader(bytes)?.length ?? 0;
    if (length === 0 || length > bytes.length) return [];
    return length === bytes.length ? [bytes] : [bytes.subarray(0, length), bytes.subarray(length)];
  }

  /** At least `reach` bytes of the slots before a frame; null if the ring does not have them. */
  #slotsBefore(position: number, backSeconds: number, reach: number): Uint8Array | null {
    for (const seconds of BACK_SECONDS) {
      const before = this.#slots(this.ring.seek(backSeconds + seconds), position);
      if (before.length >= reach) return before;
    }
    return null;
  }

  /** The slots of the frames between two positions; none if there is anything else. */
  #slots(from: number, to: number): Uint8Array {
    const reservoir = new Reservoir();
    let at = from;
    for (let length = 1; at < to && length > 0; at += length) {
      const bytes = this.#bytes(at, to);
      length = parseMpegHeader(bytes)?.length ?? 0;
      reservoir.push(bytes);
    }
    return at === to ? reservoir.bytes : new Uint8Array(0);
  }

  #bytes(from: number, to: number): Uint8Array {
    const start = from % this.ring.capacity;
    return this.ring.memory.subarray(start, start + to - from);
  }
}

/** Bytes before its slot that the first frame refers to; 0 if the frames cannot be read. */
function reachOf([first, second]: readonly Uint8Array[]): number {
  const frame = first === undefined ? null : readLayer3(first);
  if (frame === null || second === undefined) return frame?.mainDataBegin ?? 0;
  const next = readLayer3(second);
  return next !== null && canFollow(frame, next) ? frame.mainDataBegin : 0;
}

function openingOf({ frames, replaced }: Joined, first: Uint8Array, position: number): Opening {
  const bytes = concatBytes(frames);
  return { bytes, position: position + (replaced === 0 ? 0 : first.length) };
}

const noTitle = () => Uint8Array.of(0);

/** With a block of metadata after each metaint of the bytes that is followed by more. `before`: audio bytes that came before
 * these. `block`: the one behind so many bytes of these; empty ones if it is not given. */
export function withBlocks(
  bytes: Uint8Array<ArrayBuffer>,
  metaint: number,
  before = 0,
  block: (at: number) => Uint8Array = noTitle,
): Uint8Array<ArrayBuffer> {
  if (metaint === 0 || bytes.length === 0) return bytes;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const into = (before + at) % metaint;
    if (into === 0 && before + at > 0) parts.push(block(at));
    const end = Math.min(bytes.length, at + metaint - into);
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts.length === 1 ? bytes : concatBytes(parts);
}
