// The main data that a decoder still has of the frames before: the last bytes of their slots.
import { MAX_RESERVOIR_BYTES, readLayer3 } from "./layer3.ts";

export class Reservoir {
  #bytes: Uint8Array = new Uint8Array(0);

  /** At most MAX_RESERVOIR_BYTES, the newest last; fewer at the start of a stream. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The next frame. One that cannot be read as layer III leaves nothing that a later one could refer to. */
  push(frame: Uint8Array): void {
    const layer3 = readLayer3(frame);
    const slot = layer3 === null ? new Uint8Array(0) : layer3.bytes.subarray(layer3.slot);
    this.#bytes = layer3 === null ? slot : lastBytes(this.#bytes, slot);
  }

  clear(): void {
    this.#bytes = new Uint8Array(0);
  }
}

function lastBytes(before: Uint8Array, slot: Uint8Array): Uint8Array {
  if (slot.length >= MAX_RESERVOIR_BYTES) return slot.slice(-MAX_RESERVOIR_BYTES);
  const held = before.subarray(-(MAX_RESERVOIR_BYTES - slot.length));
  const bytes = new Uint8Array(held.length + slot.length);
  bytes.set(held);
  bytes.set(slot, held.length);
  return bytes;
}
