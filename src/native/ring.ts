// The bytes of one mount: a typed handle on the C ring, which owns the memory.
import { type Pointer, toArrayBuffer } from "bun:ffi";
import { core, pointerOf } from "./core.ts";

/** Of an inline title's text: a block is at most 255 units of 16 bytes, of which one is a NUL. */
export const MAX_TITLE_BYTES = 255 * 16 - 1;

export const MAX_PREAMBLE_BYTES = 262_144;

/** Words an rc_frame has. */
const FRAME_WORDS = 3;

export class Ring {
  /** Every span of the ring, contiguous across the wrap: the same pages twice in a row. They are
   * unmapped by close(): to look at them afterwards is a crash. */
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly capacity: number;
  #pointer: Pointer | null;

  /** Throws RangeError when the size is out of range or the memory is not to be had. */
  constructor(bytes: number) {
    this.#pointer = pointerOf(core().rc_ring_new(bytes), `a ring of ${bytes} bytes`);
    this.capacity = core().rc_ring_capacity(this.#pointer);
    const memory = pointerOf(core().rc_ring_memory(this.#pointer), "the ring");
    this.memory = new Uint8Array(toArrayBuffer(memory, 0, 2 * this.capacity));
  }

  /** Valid until close(); only for the other classes of this folder. */
  get pointer(): Pointer {
    if (this.#pointer === null) throw new Error("The ring is closed");
    return this.#pointer;
  }

  get isClosed(): boolean {
    return this.#pointer === null;
  }

  /** Appends whole frames; `table` holds three words a frame: bytes, microseconds, flags. Throws
   * RangeError, with nothing written, when they do not add up to `bytes` or do not fit the ring. */
  write(bytes: Uint8Array, table: Uint32Array, count: number): void {
    const { pointer } = this;
    if (count === 0 && bytes.length === 0) return;
    // The core cannot see where the table ends.
    const isWhole = count * FRAME_WORDS <= table.length;
    const { length } = bytes;
    if (!isWhole || core().rc_ring_write(pointer, bytes, length, table, count) !== length) {
      throw new RangeError(`The ring refused ${count} frames of ${length} bytes`);
    }
  }

  /** Newest position + 1: bytes written since the ring began. */
  get head(): number {
    return core().rc_ring_head(this.pointer);
  }

  /** Oldest frame start still held. */
  get tail(): number {
    return core().rc_ring_tail(this.pointer);
  }

  /** Where a decoder may start, `secondsBack` (>= 0) or more before the head if so much is held. */
  seek(secondsBack: number): number {
    return core().rc_ring_seek(this.pointer, secondsBack);
  }

  /** Seconds of audio between a position and the head. */
  lag(position: number): number {
    return core().rc_ring_lag(this.pointer, position);
  }

  /** The inline title from the head on. Throws RangeError when empty or beyond MAX_TITLE_BYTES. */
  title(text: Uint8Array): void {
    if (core().rc_ring_title(this.pointer, text, text.length) < 0) {
      throw new RangeError(`A title has 1 to ${MAX_TITLE_BYTES} bytes, not ${text.length}`);
    }
  }

  /** What a decoder needs before the frames from the head on; null: nothing. Write a copy of it next, in
   * one write and without FRAME_SYNC: those who are there hear it in the audio, and who begins behind
   * it is sent it first. A repeat changes nothing. Throws RangeError beyond MAX_PREAMBLE_BYTES. */
  preamble(bytes: Uint8Array | null): void {
    const length = bytes?.length ?? 0;
    if (core().rc_ring_preamble(this.pointer, length > 0 ? bytes : null, length) < 0) {
      throw new RangeError(`A preamble has at most ${MAX_PREAMBLE_BYTES} bytes, not ${length}`);
    }
  }

  /** Who joins from here on hears nothing from before the head, and no preamble holds until the next
   * is set. Those who are there read on across it. */
  break(): void {
    core().rc_ring_break(this.pointer);
  }

  /** The broadcaster on it must be closed before. */
  close(): void {
    if (this.#pointer === null) return;
    core().rc_ring_free(this.#pointer);
    this.#pointer = null;
  }
}
