// Segments that were asked for lately, ready to be sent: many listeners ask for the same ones within seconds.

const MAX_BYTES = 16 << 20;

export class RecentFiles {
  /** The least recently asked for first. */
  readonly #files = new Map<string, Blob>();
  #bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** The file of this name, made at the first request; null if it cannot be made. */
  get(name: string, make: () => Uint8Array<ArrayBuffer> | null): Blob | null {
    const known = this.#files.get(name);
    if (known !== undefined) {
      this.#files.delete(name);
      this.#files.set(name, known);
      return known;
    }
    const bytes = make();
    return bytes === null ? null : this.#add(name, new Blob([bytes]));
  }

  #add(name: string, file: Blob): Blob {
    this.#files.set(name, file);
    this.#bytes += file.size;
    for (const [oldest, { size }] of this.#files) {
      if (this.#bytes <= this.maxBytes) break;
      this.#files.delete(oldest);
      this.#bytes -= size;
    }
    return file;
  }
}
