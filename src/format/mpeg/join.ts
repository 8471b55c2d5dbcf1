// Lets frames follow a cut: what they need of the slots before the cut is moved into the room that there is.
import { type Layer3Frame, MAX_RESERVOIR_BYTES, readLayer3, reservoirBytes } from "./layer3.ts";
import { type FrameSize, reframed, silentLike, sizesFrom } from "./reframe.ts";

export interface Joined {
  /** To be written over the last bytes of the slots before the cut (see overwriteEnd). */
  readonly borrowed: Uint8Array;
  /** Take the place of the first `replaced` frames; those after them follow as they are. */
  readonly frames: readonly Uint8Array[];
  readonly replaced: number;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Joins `frames` to what stands before the cut. Each plays exactly as long as before; a few get another bit rate, or main
 * data that begins elsewhere. `before` has the bytes of the slots before them in their own stream, `free` bytes at the
 * end of the slots before the cut may be overwritten. null if the given frames do not suffice, or cannot be read.
 */
export function joinFrames(
  frames: readonly Uint8Array[],
  before: Uint8Array,
  free = 0,
): Joined | null {
  const join = new Join(before, free);
  for (const [at, bytes] of frames.entries()) {
    const frame = readLayer3(bytes);
    if (frame === null || !join.knows(frame)) return null;
    if (join.fits(frame)) return join.finish(frame, at);
    const next = readLayer3(frames[at + 1] ?? NO_BYTES);
    if (next === null || !canFollow(frame, next) || !join.lay(frame, next)) return null;
  }
  return null;
}

/**
 * The same with a silent frame in front, in whose slot the bytes stand that the first frame needs; all others follow
 * unchanged. null if they are not known, or no bit rate has room for them.
 */
export function carry(first: Uint8Array, before: Uint8Array): Joined | null {
  const frame = readLayer3(first);
  if (frame === null || frame.mainDataBegin > before.length) return null;
  const size = sizesFrom(frame).find(({ slotBytes }) => slotBytes >= frame.mainDataBegin);
  if (size === undefined) return null;
  const carrier = silentLike(frame, size);
  const carried = before.subarray(before.length - frame.mainDataBegin);
  carrier.bytes.set(carried, carrier.bytes.length - carried.length);
  return { borrowed: NO_BYTES, frames: [carrier.bytes], replaced: 0 };
}

/** Whether the main data of a frame can stand behind that of the frame before it: what only looks like one does not. */
export function canFollow(before: Layer3Frame, next: Layer3Frame): boolean {
  return next.mainDataBegin <= before.slotBytes + before.mainDataBegin - before.needBytes;
}

/** Bytes at the end of the slots that hold no main data once `last` is the last frame: what a join may overwrite. */
export function freeAfter(last: Uint8Array): number {
  const frame = readLayer3(last);
  if (frame === null) return 0;
  const stuffing = frame.slotBytes + frame.mainDataBegin - frame.needBytes;
  return Math.min(stuffing, reservoirBytes(frame.header));
}

/** Writes `bytes` over the end of the frames' slots, as one run through all of them. */
export function overwriteEnd(frames: readonly Uint8Array[], bytes: Uint8Array): void {
  let left = bytes.length;
  for (let i = frames.length - 1; i >= 0 && left > 0; i--) {
    const frame = readLayer3(frames[i] ?? NO_BYTES);
    if (frame === null) return;
    const here = Math.min(left, frame.slotBytes);
    frame.bytes.set(bytes.subarray(left - here, left), frame.bytes.length - here);
    left -= here;
  }
}

/** Main data in two coordinates: of the frames' own stream, and of the one that they join, which begins at its free bytes. */
class Join {
  readonly #laid: Layer3Frame[] = [];
  #own: Uint8Array;
  /** What goes out, from the free bytes on; long enough for what is laid. */
  #out = new Uint8Array(2048);
  /** Where the main data that is laid ends. */
  #end = 0;
  /** Where the next slot begins. */
  #slot: number;

  constructor(
    before: Uint8Array,
    private readonly free: number,
  ) {
    this.#own = before;
    this.#slot = free;
  }

  /** All bytes of its main data are there. */
  knows({ mainDataBegin }: Layer3Frame): boolean {
    return mainDataBegin <= this.#own.length;
  }

  /** There is room for what it needs from before its slot, so it can stay as it is, and so can all after it. */
  fits({ mainDataBegin }: Layer3Frame): boolean {
    return this.#slot - this.#end >= mainDataBegin;
  }

  finish({ mainDataBegin }: Layer3Frame, replaced: number): Joined {
    this.#put(this.#own.subarray(this.#own.length - mainDataBegin), this.#slot - mainDataBegin);
    const borrowed = this.#out.slice(0, this.free);
    const unused = Math.min(this.free, this.#firstByte(mainDataBegin, replaced));
    return { borrowed: borrowed.subarray(unused), frames: this.#filled(), replaced };
  }

  /** Puts the frame's main data as far to the front as it goes; false if no bit rate has room for it. */
  lay(frame: Layer3Frame, next: Layer3Frame): boolean {
    const most = reservoirBytes(frame.header);
    const begin = Math.min(this.#slot - this.#end, most);
    const start = this.#slot - begin;
    const end = start + frame.needBytes;
    const size = this.#sizeFor(frame, end, next.mainDataBegin);
    if (size === null) return false;
    const before = this.#own.subarray(-MAX_RESERVOIR_BYTES);
    const from = before.length - frame.mainDataBegin;
    this.#own = joined(before, frame.bytes.subarray(frame.slot));
    this.#put(this.#own.subarray(from, from + frame.needBytes), start);
    this.#laid.push(reframed(frame, size, begin));
    this.#end = end;
    this.#slot += size.slotBytes;
    return true;
  }

  /** The smallest that has room for its data and for what the next frame needs from before its slot; else the largest. */
  #sizeFor(frame: Layer3Frame, end: number, wanted: number): FrameSize | null {
    const sizes = sizesFrom(frame);
    const largest = sizes.at(-1);
    if (largest === undefined || this.#slot + largest.slotBytes < end) return null;
    return sizes.find(({ slotBytes }) => this.#slot + slotBytes - end >= wanted) ?? largest;
  }

  #put(bytes: Uint8Array, at: number): void {
    const room = this.#out.length < at + bytes.length ? at + bytes.length + 4096 : 0;
    if (room > 0) this.#out = joined(this.#out, new Uint8Array(room - this.#out.length));
    this.#out.set(bytes, at);
  }

  /** Where the first byte stands that was put. */
  #firstByte(mainDataBegin: number, replaced: number): number {
    const [first] = this.#laid;
    return this.free - (replaced === 0 ? mainDataBegin : (first?.mainDataBegin ?? 0));
  }

  #filled(): Uint8Array[] {
    let at = this.free;
    return this.#laid.map(({ bytes, slot, slotBytes }) => {
      bytes.set(this.#out.subarray(at, at + slotBytes), slot);
      at += slotBytes;
      return bytes;
    });
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
