// Segments that were asked for lately, ready to be sent: many listeners ask for the same ones within seconds.

const MAX_BYTES = 16 << 20;

interface Sized {
  readonly size: number;
}

export class RecentFiles<File extends Sized> {
  /** The least recently asked for first. */
  readonly #files = new Map<string, File>();
  #bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** The file of this name, made at the first request; null if it cannot be made. */
  get(name: string, make: () => File | null): File | null {
    const known = this.#files.get(name);
    if (known !== undefined) {
      this.#files.delete(name);
      this.#files.set(name, known);
      return known;
    }
    const file = make();
    return file === null ? null : this.#add(name, file);
  }

  #add(name: string, file: File): File {
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
