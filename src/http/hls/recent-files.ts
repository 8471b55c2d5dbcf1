// Segments that were asked for lately, ready to be sent: many listeners ask for the same ones within seconds.

const MAX_BYTES = 16 << 20;

interface Sized {
  readonly size: number;
}

interface Kept<File> {
  readonly file: File;
  /** Since it was last looked at for removal. */
  isAskedFor: boolean;
}

export class RecentFiles<File extends Sized> {
  /** The first to go first; one that was asked for meanwhile stays for another round. A map in the order of the requests would
   * have to be changed, and copied now and then, by each. */
  readonly #files = new Map<string, Kept<File>>();
  #bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** The file of this name, made at the first request; null if it cannot be made. */
  get(name: string, make: () => File | null): File | null {
    const known = this.#files.get(name);
    if (known !== undefined) {
      known.isAskedFor = true;
      return known.file;
    }
    const file = make();
    return file === null ? null : this.#add(name, file);
  }

  #add(name: string, file: File): File {
    this.#files.set(name, { file, isAskedFor: false });
    this.#bytes += file.size;
    // Nothing in the map is asked for after one round, so it ends.
    for (const [oldest, kept] of this.#files) {
      if (this.#bytes <= this.maxBytes) break;
      this.#files.delete(oldest);
      if (kept.isAskedFor) this.#files.set(oldest, { ...kept, isAskedFor: false });
      else this.#bytes -= kept.file.size;
    }
    return file;
  }
}
