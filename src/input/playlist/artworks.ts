// Pictures of recently played tracks, identified by a hash of their content; few of them are kept in memory.
import type { Log } from "../../lib/log.ts";
import type { Opener } from "../../lib/open-file.ts";
import { shownPath } from "../../lib/path-text.ts";
import { within } from "../../lib/within.ts";
import type { Airing } from "../../mount/timeline.ts";
import { type Look, MAX_PICTURE_BYTES, type Picture, readPicture } from "./picture.ts";

/** Pictures in memory; others are read again on request. */
const MAX_KEPT_BYTES = 6 << 20;

/** Pictures that can be requested, and files whose picture is known. */
const MAX_KNOWN = 256;

/** Pending requests per disk, and the longest wait of each. */
const MAX_WAITING = 16;
const MAX_WAIT_MS = 5000;

const ID = /^[0-9a-f]{24}$/;

interface Found {
  readonly version: string;
  readonly id: string | null;
}

const NOTHING: Found = { version: "", id: null };

/** The file that a picture was last found in. */
interface Place {
  readonly disk: Opener;
  readonly file: string;
}

/** The reads from one disk, one at a time: a disk that hangs delays no other. */
interface Turns {
  last: Promise<unknown>;
  waiting: number;
}

export class Artworks {
  /** Another server's picture of this id; null without one. Never rejects. */
  elsewhere: (id: string) => Promise<Picture | null> = () => Promise.resolve(null);
  readonly #ids = new WeakMap<Airing, string>();
  readonly #places = new Map<string, Place>();
  /** By file: the version that was read, and its picture. */
  readonly #found = new Map<string, Found>();
  readonly #kept = new Map<string, Picture>();
  #keptBytes = 0;
  readonly #turns = new WeakMap<Opener, Turns>();

  constructor(
    private readonly log: Log,
    /** Called when an airing's picture has been found. */
    private readonly onFound: () => void = () => undefined,
  ) {}

  /** The id of an airing's picture; null if it has none, or none has been found yet. */
  idOf(airing: Airing): string | null {
    return this.#ids.get(airing) ?? null;
  }

  /** Another server has the airing's picture under this id. */
  adopt(airing: Airing, id: string): void {
    this.#ids.set(airing, id);
    this.onFound();
  }

  /** The same of a file that is heard next. */
  idOfFile(file: string): string | null {
    return this.#found.get(file)?.id ?? null;
  }

  /** Looks for the picture of what is about to be heard. Never rejects. */
  async look(airing: Airing, disk: Opener): Promise<void> {
    const { file } = airing;
    const id = file === null ? null : await this.#lookAt(file, disk);
    if (id === null) return;
    this.#ids.set(airing, id);
    this.onFound();
  }

  /** Looks for the picture of a file that is heard later. Never rejects. */
  async lookAhead(file: string, disk: Opener): Promise<void> {
    const before = this.idOfFile(file);
    const id = await this.#lookAt(file, disk);
    if (id !== before) this.onFound();
  }

  async #lookAt(file: string, disk: Opener): Promise<string | null> {
    const { id } = await this.#find({ disk, file });
    if (id !== null) renew(this.#places, id, { disk, file });
    return id;
  }

  /** null when nothing that was played lately has it, its file has another by now, or its disk does not answer. Never
   * rejects. */
  async get(id: string): Promise<Picture | null> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) return kept;
    const place = this.#places.get(id);
    if (place === undefined) return this.#fetch(id);
    if (this.#turnsOf(place.disk).waiting >= MAX_WAITING) return null;
    await within(MAX_WAIT_MS, this.#find(place, true));
    return this.#kept.get(id) ?? null;
  }

  async #fetch(id: string): Promise<Picture | null> {
    const picture = ID.test(id) ? await this.elsewhere(id) : null;
    if (picture === null || contentId(picture.bytes) !== id) return null;
    this.#keep(id, picture);
    return picture;
  }

  /** Reads an unchanged file again only if the picture's bytes are needed. Never rejects. */
  async #find({ disk, file }: Place, areBytesWanted = false): Promise<Found> {
    const turns = this.#turnsOf(disk);
    turns.waiting++;
    const finding = turns.last.then(async () => {
      const known = (areBytesWanted ? null : this.#found.get(file)) ?? NOTHING;
      const look = await readPicture(disk, file, known.version);
      if (look?.isTooLarge === true) this.log.repeated(tooLarge(file));
      return look === null ? known : this.#identify(look);
    });
    turns.last = finding.catch(() => null);
    try {
      const found = await finding;
      renew(this.#found, file, found);
      return found;
    } catch (error) {
      this.log.repeated(`a picture cannot be read: ${String(error)}`);
      return NOTHING;
    } finally {
      turns.waiting--;
    }
  }

  #turnsOf(disk: Opener): Turns {
    const known = this.#turns.get(disk) ?? { last: Promise.resolve(), waiting: 0 };
    this.#turns.set(disk, known);
    return known;
  }

  #identify({ version, picture }: Look): Found {
    if (picture === null) return { version, id: null };
    const id = contentId(picture.bytes);
    this.#keep(id, picture);
    return { version, id };
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

/** Sets an entry as the newest; beyond MAX_KNOWN the oldest is deleted. */
function renew<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_KNOWN && oldest !== undefined) map.delete(oldest);
}

function tooLarge(file: string): string {
  const limit = `${MAX_PICTURE_BYTES / 2 ** 20} MB`;
  return `the picture of ${shownPath(file)} is not shown: it is larger than ${limit}`;
}

function contentId(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex").slice(0, 24);
}
