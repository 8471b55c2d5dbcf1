// Reads fields of single bits, the highest bit of a byte first.

/** Up to 17 bits, the first of them the highest; zeros behind the end. */
export function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  const byte = at >> 3;
  const word = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
  return (word >> (24 - (at & 7) - count)) & ((1 << count) - 1);
}

/** Takes one field after the other. */
export class Bits {
  /** In bits. */
  #at: number;

  constructor(
    private readonly bytes: Uint8Array,
    fromByte: number,
  ) {
    this.#at = fromByte * 8;
  }

  /** More was taken than there is. */
  get isOver(): boolean {
    return this.#at > this.bytes.length * 8;
  }

  /** Up to 17 bits; zeros behind the end. */
  take(count: number): number {
    const value = bitsAt(this.bytes, this.#at, count);
    this.#at += count;
    return value;
  }

  flag(): boolean {
    return this.take(1) === 1;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** On to the next whole byte. */
  align(): void {
    this.#at = (this.#at + 7) & ~7;
  }
}
