// The files of a playlist directory as they are right now, in playing order, without those found broken.
import { readdir, stat } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import type { MountConfig } from "../config/config.ts";
import type { Log } from "../lib/log.ts";
import { compareNames, type PlayOrder, SequentialOrder, ShuffledOrder } from "./order.ts";

const MAX_FILES = 100_000;
const MAX_DEPTH = 16;

export class Playlist {
  readonly #order: PlayOrder;
  /** Broken files and the version (size, time) that was found broken: a new version gets a new try. */
  readonly #rejected = new Map<string, string>();
  #isMissing = false;
  #count = 0;

  constructor(
    private readonly config: MountConfig["playlist"],
    private readonly log: Log,
    random: () => number = Math.random,
  ) {
    this.#order = config.shuffle ? new ShuffledOrder(random) : new SequentialOrder();
  }

  /** Files at the last look, broken ones left out. */
  get count(): number {
    return this.#count;
  }

  /** The path of the track to play next, or null when there is none now. */
  async next(): Promise<string | null> {
    return this.#order.next(await this.look());
  }

  /** What can be played at this moment, sorted. */
  async look(): Promise<readonly string[]> {
    const found: string[] = [];
    await this.#collect(this.config.directory, 0, found);
    const files = await this.#withoutRejected(found.sort(compareNames));
    this.#count = files.length;
    return files;
  }

  /** Leaves a file out until it changes; one line says why. */
  async reject(path: string, why: string): Promise<void> {
    this.log.warn(`${relative(this.config.directory, path)} is skipped: ${why}`);
    this.#rejected.set(path, await version(path));
  }

  async #collect(directory: string, depth: number, found: string[]): Promise<void> {
    for (const entry of await this.#entries(directory, depth)) {
      if (entry.name.startsWith(".")) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) await this.#collect(path, depth + 1, found);
      else if (!entry.isDirectory() && this.#isPlayable(entry.name) && found.length < MAX_FILES) {
        found.push(path);
      }
    }
  }

  /** A directory that vanishes is empty; the top one missing is told once. */
  async #entries(directory: string, depth: number) {
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      if (depth === 0) this.#tellMissing(false);
      return entries;
    } catch (error) {
      if (depth === 0) this.#tellMissing(true, error);
      return [];
    }
  }

  #tellMissing(isMissing: boolean, error?: unknown): void {
    if (isMissing === this.#isMissing) return;
    this.#isMissing = isMissing;
    const { directory } = this.config;
    if (!isMissing) this.log.info(`the playlist directory ${directory} is there again`);
    else {
      const why = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
      this.log.warn(`the playlist directory ${directory} cannot be read (${why}): DJs only`);
    }
  }

  #isPlayable(name: string): boolean {
    return this.config.extensions.includes(extname(name).toLowerCase());
  }

  async #withoutRejected(files: readonly string[]): Promise<readonly string[]> {
    const here = new Set(files);
    for (const [path, rejected] of this.#rejected) {
      if (!here.has(path) || rejected !== (await version(path))) this.#rejected.delete(path);
    }
    return files.filter((file) => !this.#rejected.has(file));
  }
}

async function version(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    // Vanished: any version that comes back is a new one.
    return "gone";
  }
}
