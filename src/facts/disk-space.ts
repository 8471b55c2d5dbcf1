// How much space is left on the disks that the station writes to. Nobody waits for a disk: the facts are those of the
// last answer.
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "../config/config.ts";

export interface DiskFacts {
  readonly directory: string;
  /** What this user may still use, and all of it. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Of each directory, and only if its answer is there already. */
export class DiskSpace {
  readonly #known = new Map<string, DiskFacts>();
  /** Directories whose disk has not answered yet: one question each. */
  readonly #asked = new Set<string>();

  constructor(private readonly directories: () => readonly string[]) {}

  get facts(): DiskFacts[] {
    const wanted = this.directories();
    return [...this.#known.values()].filter(({ directory }) => wanted.includes(directory));
  }

  /** Asks all disks. */
  sample(): void {
    for (const directory of this.directories()) {
      if (!this.#asked.has(directory)) void this.#ask(directory);
    }
  }

  async #ask(directory: string): Promise<void> {
    this.#asked.add(directory);
    try {
      const { bavail, blocks, bsize } = await statfs(directory);
      const [freeBytes, totalBytes] = [bavail * bsize, blocks * bsize];
      this.#known.set(directory, { directory, freeBytes, totalBytes });
    } catch {
      // A directory is made when there is something to keep in it.
      this.#known.delete(directory);
    } finally {
      this.#asked.delete(directory);
    }
  }
}

/** Where the station writes: what it remembers, converted tracks, logs. */
export function writtenDirectories({ server, library, log, advanced }: Config): string[] {
  const { stateDirectory } = server;
  const { directory } = library;
  const inState = stateDirectory === "" ? "" : join(stateDirectory, "library");
  const files = [log.file, advanced.accessLog].filter((file) => file !== "");
  const all = [stateDirectory, directory || inState, ...files.map((file) => dirname(file))];
  return [...new Set(all.filter((path) => path !== ""))];
}
