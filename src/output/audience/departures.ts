// Pure: where the latest listeners of a mount stopped, for those who come back without a count of what they got.

const MAX_KEPT = 4096;

export interface Departure {
  /** In the ring, behind the last byte that the client has got as far as is known; NaN if it was moved elsewhere. */
  readonly position: number;
  /** It got all audio in one piece, so its bytes can be counted. */
  readonly isWhole: boolean;
}

export class Departures {
  /** By the listener's number, the earliest first. */
  readonly #kept = new Map<number, Departure>();

  note(number: number, departure: Departure): void {
    this.#kept.delete(number);
    this.#kept.set(number, departure);
    if (this.#kept.size <= MAX_KEPT) return;
    const [earliest] = this.#kept.keys();
    if (earliest !== undefined) this.#kept.delete(earliest);
  }

  of(number: number): Departure | undefined {
    return this.#kept.get(number);
  }
}
