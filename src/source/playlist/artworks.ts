// The pictures of the tracks that were played lately: named by their content, few of them in memory.
import type { Log } from "../../lib/log.ts";
import type { Airing } from "../../mount/timeline.ts";
import { type Picture, readPicture } from "./picture.ts";

/** In memory at a time; others are read from their file again when somebody asks. */
const MAX_KEPT_BYTES = 6 << 20;

/** Pictures that can be asked for. */
const MAX_KNOWN = 256;

/** Requests that wait for a file at a time. */
const MAX_WAITING = 16;

export class Artworks {
  readonly #ids = new WeakMap<Airing, string>();
  /** The file that each picture was last seen in. */
  readonly #files = new Map<string, string>();
  readonly #kept = new Map<string, Picture>();
  #keptBytes = 0;
  /** Files are read one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(private readonly log: Log) {}

  /** What to ask the picture of an airing by; null when there is none, or none was found yet. */
  idOf(airing: Airing): string | null {
    return this.#ids.get(airing) ?? null;
  }

  /** Looks for the picture of what is about to be heard. Never rejects. */
  async look(airing: Airing): Promise<void> {
    if (airing.file === null) return;
    const found = await this.#read(airing.file);
    if (found === null) return;
    this.#ids.set(airing, found.id);
    this.#files.delete(found.id);
    this.#files.set(found.id, airing.file);
    const [oldest] = this.#files.keys();
    if (this.#files.size > MAX_KNOWN && oldest !== undefined) this.#files.delete(oldest);
    this.#keep(found.id, found.picture);
  }

  /** null when nothing that was played lately has it, or its file has another by now. Never rejects. */
  async get(id: string): Promise<Picture | null> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) return kept;
    const file = this.#files.get(id);
    if (file === undefined || this.#waiting >= MAX_WAITING) return null;
    const found = await this.#read(file);
    if (found?.id !== id) return null;
    this.#keep(id, found.picture);
    return found.picture;
  }

  async #read(file: string): Promise<{ id: string; picture: Picture } | null> {
    this.#waiting++;
    const reading = this.#turn.then(() => readPicture(file));
    this.#turn = reading.catch(() => null);
    try {
      const picture = await reading;
      return picture && { id: contentId(picture.bytes), picture };
    } catch (error) {
      this.log.repeated(`a picture cannot be read: ${String(error)}`);
      return null;
    } finally {
      this.#waiting--;
    }
  }

  #keep(id: string, picture: Picture): void {
    if (this.#kept.has(id)) return;
    this.#kept.set(id, picture);
    this.#keptBytes += picture.bytes.length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#keptBytes <= MAX_KEPT_BYTES) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes.length;
    }
  }
}

function contentId(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex").slice(0, 24);
}
