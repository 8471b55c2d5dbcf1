// A parser's input buffer: chunks are appended at the end, processed bytes are removed from the start.

const SMALLEST_ROOM = 4096;

export class Intake {
  #room = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** A view of the unprocessed bytes; valid until the next push. */
  get bytes(): Uint8Array {
    return this.#room.subarray(this.#start, this.#end);
  }

  /** Appends a copy of the chunk. */
  push(chunk: Uint8Array): void {
    const held = this.length;
    const wanted = held + chunk.length;
    const room =
      wanted <= this.#room.length
        ? this.#room
        : new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(wanted, SMALLEST_ROOM))));
    if (room !== this.#room || this.#start > 0) room.set(this.bytes);
    room.set(chunk, held);
    this.#room = room;
    this.#start = 0;
    this.#end = wanted;
  }

  /** Removes the first `count` bytes. */
  skip(count: number): void {
    this.#start += count;
  }
}
