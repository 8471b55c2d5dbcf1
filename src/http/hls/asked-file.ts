// Pure: which file of which mount an address names.
import { normaliseMount } from "../../lib/mount-path.ts";
import { type FileName, readFileName } from "./named-file.ts";
import { FOLDER } from "./other-folder.ts";

export interface AskedFile {
  /** Paths in their canonical spelling: of the mount, and of the one that would have this very address. */
  readonly mount: string;
  readonly whole: string | null;
  readonly name: string;
  /** The name of a media playlist, without its ending; null for any other file. */
  readonly list: string | null;
  /** null: it is not that of a segment, a part, or an initialization segment. */
  readonly media: FileName | null;
  /** Stands for the mount and the name. */
  readonly key: string;
}

const LIST = /^([a-z0-9]+)\.m3u8$/;

/** `address`: without its query. null: it is none of HLS. */
export function askedFile(address: string): AskedFile | null {
  const path = address.replace(/^https?:\/\/[^/]*/, "");
  const at = path.lastIndexOf(FOLDER);
  const mount = at < 0 ? null : normaliseMount(path.slice(0, at));
  if (mount === null) return null;
  const name = path.slice(at + FOLDER.length);
  const [, list = null] = LIST.exec(name) ?? [];
  const read = { name, list, media: readFileName(name), key: `${mount} ${name}` };
  return { mount, whole: normaliseMount(path), ...read };
}

const MAX_KNOWN = 512;
const MAX_LENGTH = 300;

/** Remembers what the addresses mean that many clients ask for at the same time. */
export class AskedFiles {
  readonly #known = new Map<string, AskedFile | null>();

  get count(): number {
    return this.#known.size;
  }

  of(url: string): AskedFile | null {
    const end = url.indexOf("?");
    const address = end < 0 ? url : url.slice(0, end);
    const known = this.#known.get(address);
    return known === undefined ? this.#read(address) : known;
  }

  #read(address: string): AskedFile | null {
    const file = askedFile(address);
    const [oldest] = this.#known.size >= MAX_KNOWN ? this.#known.keys() : [];
    if (oldest !== undefined) this.#known.delete(oldest);
    if (address.length <= MAX_LENGTH) this.#known.set(address, file);
    return file;
  }
}
