// The bytes of one mount: a typed handle on the C ring, which owns the memory.
import { type Pointer, toArrayBuffer } from "bun:ffi";
import { core, pointerOf } from "./library.ts";

export const MAX_TITLE_BYTES = 4080;

export class Ring {
  /** Every span of the ring, contiguous across the wrap: the same pages twice in a row. */
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

  /** Appends whole frames; `table` holds three words a frame: bytes, microseconds, flags. */
  write(bytes: Uint8Array, table: Uint32Array, count: number): void {
    if (count === 0) return;
    const written = core().rc_ring_write(this.pointer, bytes, bytes.length, table, count);
    if (written !== bytes.length) {
      throw new RangeError(`The ring refused ${count} frames of ${bytes.length} bytes`);
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

  seek(secondsBack: number): number {
    return core().rc_ring_seek(this.pointer, secondsBack);
  }

  /** Seconds of audio between a position and the head. */
  lag(position: number): number {
    return core().rc_ring_lag(this.pointer, position);
  }

  /** The inline title from the head on. Throws RangeError beyond MAX_TITLE_BYTES. */
  title(text: Uint8Array): void {
    // bun:ffi refuses the pointer of an empty view, so an empty title lends one unread byte.
    const lent = text.length === 0 ? new Uint8Array(1) : text;
    if (core().rc_ring_title(this.pointer, lent, text.length) < 0) {
      throw new RangeError(`A title of ${text.length} bytes is too long`);
    }
  }

  /** The broadcaster on it must be closed before. */
  close(): void {
    if (this.#pointer === null) return;
    core().rc_ring_free(this.#pointer);
    this.#pointer = null;
  }
}
