// Walks the files below a folder in slices of time. An unreadable folder is reported, never thrown; what is left out
// is counted.
import { type Dirent, lstatSync, readdirSync, statSync } from "node:fs";
import { extname } from "node:path";
import { systemClock } from "../lib/clock.ts";
import { nameOfBytes, pathIn, systemPath } from "../lib/path-text.ts";
import { isCompanion } from "./companions.ts";
import { Listing } from "./listing.ts";
import { isPlaylistFile } from "./playlist-file.ts";

export const MAX_ENTRIES = 200_000;
export const MAX_DEPTH = 16;

/** Unreadable folders listed by name. */
export const MAX_UNREADABLE = 100;

/** Extensions counted separately. */
const MAX_ENDINGS = 50;

/** Entries between checks of the clock. */
const STRIDE = 64;

/** The replacement character marks bytes that could not be decoded. */
const REPLACED = "\ufffd";

interface Named {
  readonly name: string;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

interface Open {
  readonly folder: string;
  readonly depth: number;
  readonly entries: readonly Named[];
  next: number;
}

export class Walk {
  /** Paths with a wanted extension, unordered. */
  readonly files: string[] = [];
  /** The first MAX_UNREADABLE unreadable folders, with the system's error code. */
  readonly unreadable = new Map<string, string>();
  /** All unreadable folders. */
  unreadableCount = 0;
  /** Files with other extensions, by extension, without companions of music. */
  readonly passedOver = new Map<string, number>();
  /** Folders below MAX_DEPTH, which are not read. */
  readonly tooDeep: string[] = [];
  /** The walk stopped at MAX_ENTRIES. */
  isCutOff = false;
  /** Playlist files with tracks that are not there: how many, and the first of them. */
  readonly missing = new Map<string, { count: number; readonly first: string }>();
  readonly #entered = new Set<string>();
  readonly #folders: { readonly folder: string; readonly depth: number }[];
  /** Playlist files, which are read after the folders. */
  readonly #lists: string[] = [];
  #open: Open | null = null;
  #listing: Listing | null = null;
  #left: number;

  /** `extensions`: lower case, with the dot. Links to folders are followed, each folder is read once, hidden
   * ones are skipped. A playlist file, as the root or in a folder, adds the files that it lists. */
  constructor(
    root: string,
    private readonly extensions: ReadonlySet<string>,
    maxEntries = MAX_ENTRIES,
  ) {
    const isList = isPlaylistFile(root) && !isFolderLink(root);
    this.#folders = isList ? [] : [{ folder: root, depth: 0 }];
    if (isList) this.#lists.push(root);
    this.#left = maxEntries;
  }

  /** Continues until `untilMs` on the system's clock; true when done. */
  goOn(untilMs: number): boolean {
    while (systemClock.nowMs() < untilMs) {
      this.#open ??= this.#enter();
      if (this.#open === null && this.#isListed()) return true;
      if (this.#open !== null && this.#take(this.#open)) this.#open = null;
    }
    return false;
  }

  /** Looks for a stride of listed files; true when none is left. */
  #isListed(): boolean {
    const list = this.#listing === null ? this.#lists.pop() : undefined;
    if (list !== undefined) this.#listing = this.#openList(list);
    if (this.#listing === null) return this.#lists.length === 0;
    if (this.#listing.take(STRIDE, (path) => this.#count(path))) {
      const { path, missing, firstMissing } = this.#listing;
      if (missing > 0) this.missing.set(path, { count: missing, first: firstMissing });
      this.#listing = null;
    }
    return false;
  }

  #openList(path: string): Listing | null {
    try {
      return new Listing(path);
    } catch (error) {
      this.#noteUnreadable(path, error);
      return null;
    }
  }

  #count(path: string): void {
    if (this.#left-- > 0) this.#note(path, path.slice(path.lastIndexOf("/") + 1), true);
    else this.isCutOff = true;
  }

  /** The next folder; null if none is left. */
  #enter(): Open | null {
    const at = this.#folders.pop();
    return at === undefined ? null : { ...at, entries: this.#entriesOf(at.folder), next: 0 };
  }

  /** Reads a stride of entries; true when the folder is finished. */
  #take(open: Open): boolean {
    const end = Math.min(open.next + STRIDE, open.entries.length);
    for (; open.next < end; open.next++) {
      const entry = open.entries[open.next];
      if (entry !== undefined && !entry.name.startsWith(".")) this.#look(open, entry);
    }
    return open.next >= open.entries.length;
  }

  #look({ folder, depth }: Open, entry: Named): void {
    if (this.#left-- <= 0) {
      this.isCutOff = true;
      return;
    }
    const path = pathIn(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? isFolderLink(path) : entry.isDirectory();
    if (!isFolder) this.#note(path, entry.name);
    else if (depth < MAX_DEPTH) this.#folders.push({ folder: path, depth: depth + 1 });
    else this.tooDeep.push(path);
  }

  #note(path: string, name: string, isListed = false): void {
    const ending = extname(name).toLowerCase();
    if (this.extensions.has(ending)) this.files.push(path);
    else if (isPlaylistFile(name) && !isListed) this.#lists.push(path);
    else if (
      !isCompanion(ending) &&
      (this.passedOver.size < MAX_ENDINGS || this.passedOver.has(ending))
    )
      this.passedOver.set(ending, (this.passedOver.get(ending) ?? 0) + 1);
  }

  /** None for a folder that was read before, by another path. */
  #entriesOf(folder: string): readonly Named[] {
    try {
      const { dev, ino } = statSync(systemPath(folder), { bigint: true });
      const identity = `${dev}:${ino}`;
      if (this.#entered.has(identity)) return [];
      this.#entered.add(identity);
      return readFolder(folder);
    } catch (error) {
      this.#noteUnreadable(folder, error);
      return [];
    }
  }

  #noteUnreadable(path: string, error: unknown): void {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    this.unreadableCount++;
    if (this.unreadable.size < MAX_UNREADABLE) this.unreadable.set(path, code);
  }
}

function readFolder(folder: string): readonly Named[] {
  const path = systemPath(folder);
  const entries: Dirent[] = readdirSync(path, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes(REPLACED))) return entries;
  // Bun returns names as bytes only without their types.
  const known = new Map(entries.map((entry) => [entry.name, entry]));
  return readdirSync(path, { encoding: "buffer" }).map((bytes): Named => {
    const name = nameOfBytes(bytes);
    return known.get(name) ?? typed(folder, name);
  });
}

function typed(folder: string, name: string): Named {
  const stat = lstatSync(systemPath(pathIn(folder, name)), { throwIfNoEntry: false });
  return {
    name,
    isDirectory: () => stat?.isDirectory() ?? false,
    isSymbolicLink: () => stat?.isSymbolicLink() ?? false,
  };
}

function isFolderLink(path: string): boolean {
  try {
    return statSync(systemPath(path)).isDirectory();
  } catch {
    // A broken or circular link: opening it as a file yields the error.
    return false;
  }
}
