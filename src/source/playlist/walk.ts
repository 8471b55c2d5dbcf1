// The files below a folder as they are at this moment. A folder that cannot be read is reported, never thrown.
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const MAX_ENTRIES = 200_000;
const MAX_DEPTH = 16;

export interface Walk {
  /** Paths, in no particular order. */
  readonly files: string[];
  /** Folders that could not be read, and the system's code for why. */
  readonly unreadable: Map<string, string>;
}

/**
 * Looks for files with a wanted name. Links to folders are followed, each folder is entered once, hidden ones are passed over.
 * What is deeper or more than the bounds is left out.
 */
export async function walk(root: string, isWanted: (name: string) => boolean): Promise<Walk> {
  const walker = new Walker(isWanted);
  await walker.enter(root, 0);
  return walker;
}

class Walker implements Walk {
  readonly files: string[] = [];
  readonly unreadable = new Map<string, string>();
  readonly #entered = new Set<string>();
  #left = MAX_ENTRIES;

  constructor(private readonly isWanted: (name: string) => boolean) {}

  async enter(folder: string, depth: number): Promise<void> {
    for (const entry of await this.#entries(folder)) {
      if (entry.name.startsWith(".")) continue;
      if (this.#left-- <= 0) return;
      const path = join(folder, entry.name);
      const isFolder = entry.isSymbolicLink() ? await isFolderLink(path) : entry.isDirectory();
      if (!isFolder && this.isWanted(entry.name)) this.files.push(path);
      if (isFolder && depth < MAX_DEPTH) await this.enter(path, depth + 1);
    }
  }

  /** Of a folder that was entered before by another way: none. */
  async #entries(folder: string): Promise<Dirent[]> {
    try {
      const { dev, ino } = await stat(folder, { bigint: true });
      const identity = `${dev}:${ino}`;
      if (this.#entered.has(identity)) return [];
      this.#entered.add(identity);
      return await readdir(folder, { withFileTypes: true });
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
      this.unreadable.set(folder, code);
      return [];
    }
  }
}

async function isFolderLink(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // A link to nowhere or to itself: whoever opens it as a file says why it cannot be read.
    return false;
  }
}
