// What a client sends while its login is being decided, up to a bound.

/** Some seconds of audio: encoders that use PUT may send before they are answered. */
const MAX_HELD_BYTES = 64 << 10;

export class HeldBytes {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The socket must not be read any further. One read more may already be on its way. */
  get isFull(): boolean {
    return this.#length >= MAX_HELD_BYTES;
  }

  /** Copies: the memory is the socket's. */
  add(bytes: Uint8Array): void {
    this.#parts.push(new Uint8Array(bytes));
    this.#length += bytes.length;
  }

  all(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
