// Memory for the reads of one file, used again for the next: a scan of a large library leaves less garbage.

/** Enough for the reads of a usual file; more is allocated. */
const MEMORY_BYTES = 131_072;

let spare: ReadMemory | null = null;

export class ReadMemory implements Disposable {
  readonly #bytes = new Uint8Array(MEMORY_BYTES);
  #used = 0;

  /** Nothing that take() gave may be used after its disposal. */
  static open(): ReadMemory {
    const memory = spare ?? new ReadMemory();
    spare = null;
    return memory;
  }

  take(length: number): Uint8Array {
    const end = this.#used + length;
    if (end > this.#bytes.length) return new Uint8Array(length);
    const taken = this.#bytes.subarray(this.#used, end);
    this.#used = end;
    return taken;
  }

  [Symbol.dispose](): void {
    this.#used = 0;
    spare = this;
  }
}
