// Pure: where the latest listeners of a mount stopped, for those who come back without a count of what they got.

const MAX_KEPT = 4096;

export interface Departure {
  /** In the ring, behind the last byte that the client has got as far as is known; NaN if it was moved elsewhere. */
  readonly position: number;
  /** It got all audio in one piece, so its bytes can be counted. */
  readonly isWhole: boolean;
}

export class Departures {
  /** By the listener's number. */
  readonly #kept = new Map<number, Departure>();
  /** Numbers in the order of their first notes, going round: the first key of a map is slow to find once others before it
   * were deleted. */
  readonly #order: number[] = [];
  #next = 0;

  note(number: number, departure: Departure): void {
    if (!this.#kept.has(number)) this.#forgetFor(number);
    this.#kept.set(number, departure);
  }

  /** The earliest makes room. */
  #forgetFor(number: number): void {
    const earliest = this.#order[this.#next];
    if (earliest !== undefined) this.#kept.delete(earliest);
    this.#order[this.#next] = number;
    this.#next = (this.#next + 1) % MAX_KEPT;
  }

  of(number: number): Departure | undefined {
    return this.#kept.get(number);
  }
}
