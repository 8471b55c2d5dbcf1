// The bytes of one mount: a typed handle on the C ring, which owns the memory.
import { type Pointer, toArrayBuffer } from "bun:ffi";
import { core, pointerOf } from "./core.ts";

/** Limit on an inline title's text: a block is at most 255 units of 16 bytes, one of them a NUL. */
export const MAX_TITLE_BYTES = 255 * 16 - 1;

export const MAX_PREAMBLE_BYTES = 262_144;

/** 32-bit words per rc_frame. */
const FRAME_WORDS = 3;

export class Ring {
  #memory: Uint8Array<ArrayBuffer>;
  #capacity: number;
  #pointer: Pointer | null;

  /** Throws RangeError if the size is out of range or memory is short. */
  constructor(bytes: number) {
    this.#pointer = pointerOf(core().rc_ring_new(bytes), `a ring of ${bytes} bytes`);
    this.#capacity = core().rc_ring_capacity(this.#pointer);
    this.#memory = this.#view();
  }

  #view(): Uint8Array<ArrayBuffer> {
    const memory = pointerOf(core().rc_ring_memory(this.pointer), "the ring");
    return new Uint8Array(toArrayBuffer(memory, 0, 2 * this.#capacity));
  }

  /** The ring's memory, mapped twice in a row so that every span is contiguous. resize() and close() unmap it: any
   * later access to this view crashes. */
  get memory(): Uint8Array<ArrayBuffer> {
    return this.#memory;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Keeps the newest audio that fits; positions stay. false, with nothing changed, when memory is short. */
  resize(bytes: number): boolean {
    const { pointer } = this;
    if (core().rc_ring_resize(pointer, bytes) < 0) return false;
    this.#capacity = core().rc_ring_capacity(pointer);
    this.#memory = this.#view();
    return true;
  }

  /** Valid until close(); only for the other classes in this folder. */
  get pointer(): Pointer {
    if (this.#pointer === null) throw new Error("The ring is closed");
    return this.#pointer;
  }

  get isClosed(): boolean {
    return this.#pointer === null;
  }

  /** Appends whole frames; `table` has three words per frame: bytes, microseconds, flags. Throws RangeError,
   * without writing, if they do not add up to `bytes` or do not fit the ring. */
  write(bytes: Uint8Array, table: Uint32Array, count: number): void {
    const { pointer } = this;
    if (count === 0 && bytes.length === 0) return;
    // The core cannot check the table's length.
    const isWhole = count * FRAME_WORDS <= table.length;
    const { length } = bytes;
    if (!isWhole || core().rc_ring_write(pointer, bytes, length, table, count) !== length) {
      throw new RangeError(`The ring refused ${count} frames of ${length} bytes`);
    }
  }

  /** Newest position + 1: bytes written since the ring was made. */
  get head(): number {
    return core().rc_ring_head(this.pointer);
  }

  /** Start of the oldest frame still held. */
  get tail(): number {
    return core().rc_ring_tail(this.pointer);
  }

  /** A position where a decoder may start, `secondsBack` (>= 0) or more before the head if that much is held. */
  seek(secondsBack: number): number {
    return core().rc_ring_seek(this.pointer, secondsBack);
  }

  /** Start of the frame that holds the byte at a position; null when that is not held, or before the last break. */
  frameAt(position: number): number | null {
    const frame = core().rc_ring_frame(this.pointer, position);
    return frame < 0 ? null : frame;
  }

  /** Bytes of the preamble that a listener who begins at a held position gets first. */
  preambleAt(position: number): number {
    return Math.max(0, core().rc_ring_preamble_at(this.pointer, position));
  }

  /** Seconds of audio between a position and the head. */
  lag(position: number): number {
    return core().rc_ring_lag(this.pointer, position);
  }

  /** Sets the inline title from the head on. Throws RangeError if empty or beyond MAX_TITLE_BYTES. */
  title(text: Uint8Array): void {
    if (core().rc_ring_title(this.pointer, text, text.length) < 0) {
      throw new RangeError(`A title has 1 to ${MAX_TITLE_BYTES} bytes, not ${text.length}`);
    }
  }

  /** Sets what a decoder needs before the frames from the head on; null for nothing. Write a copy of it next,
   * in one write and without FRAME_SYNC: present listeners get it within the audio, listeners that start after
   * it get it first. A repeat changes nothing. Throws RangeError beyond MAX_PREAMBLE_BYTES. */
  preamble(bytes: Uint8Array | null): void {
    const length = bytes?.length ?? 0;
    if (core().rc_ring_preamble(this.pointer, length > 0 ? bytes : null, length) < 0) {
      throw new RangeError(`A preamble has at most ${MAX_PREAMBLE_BYTES} bytes, not ${length}`);
    }
  }

  /** Listeners that join from here on get nothing from before the head, and no preamble is in force until the
   * next one is set. Present listeners read on across the break. */
  break(): void {
    core().rc_ring_break(this.pointer);
  }

  /** Close its broadcaster first. */
  close(): void {
    if (this.#pointer === null) return;
    core().rc_ring_free(this.#pointer);
    this.#pointer = null;
  }
}
