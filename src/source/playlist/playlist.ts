// The files of a playlist directory as they are right now, in playing order, without those found broken.
import { stat } from "node:fs/promises";
import { extname, relative } from "node:path";
import type { MountConfig } from "../../config/config.ts";
import type { Log } from "../../lib/log.ts";
import { compareNames, type PlayOrder, SequentialOrder, ShuffledOrder } from "./order.ts";
import { walk } from "./walk.ts";

export class Playlist {
  readonly #order: PlayOrder;
  /** All at the last look, sorted, broken ones included. */
  #files: readonly string[] = [];
  /** Broken files, why, and the version (size, times) that was found broken: a new version gets a new try. */
  readonly #rejected = new Map<string, { readonly version: string; readonly why: string }>();
  /** Folders that could not be read at the last look: each is told once. */
  #unreadable: ReadonlyMap<string, string> = new Map();
  /** What next() gave last, in the version it had then. */
  #given = { path: "", version: "" };

  constructor(
    private readonly config: MountConfig["playlist"],
    private readonly log: Log,
    random: () => number = Math.random,
  ) {
    this.#order = config.shuffle ? new ShuffledOrder(random) : new SequentialOrder();
  }

  /** Files at the last look, those found broken left out. */
  get count(): number {
    return this.#files.length - this.#rejected.size;
  }

  /** What was found unplayable, by name. */
  get skipped(): readonly string[] {
    return [...this.#rejected.keys()].map((path) => this.nameOf(path));
  }

  /** Why each of these is. */
  get reasons(): ReadonlyMap<string, string> {
    return new Map([...this.#rejected].map(([path, { why }]) => [this.nameOf(path), why]));
  }

  /** Folders that could not be read at the last look, and the system's code for why. */
  get unreadable(): ReadonlyMap<string, string> {
    return this.#unreadable;
  }

  /** What next() gives, at most so many, as far as it is known. */
  upcoming(count: number): readonly string[] {
    return this.#order.upcoming(count);
  }

  /** Of the files at the last look, broken ones left out; of two as common the first by name. */
  get commonEnding(): string {
    const counts = new Map<string, number>();
    for (const file of this.#files) {
      const ending = extname(file).toLowerCase();
      if (!this.#rejected.has(file)) counts.set(ending, (counts.get(ending) ?? 0) + 1);
    }
    const most = Math.max(...counts.values());
    return [...counts].find(([, count]) => count === most)?.[0] ?? "";
  }

  /** Notices what appeared, vanished and changed. Never rejects. */
  async look(): Promise<void> {
    const { files, unreadable } = await walk(this.config.directory, (name) => this.#isTrack(name));
    this.#tell(unreadable);
    this.#files = sorted(files, this.#files);
    await this.#forgiveChanged();
    this.#order.update(this.#files.filter((file) => !this.#rejected.has(file)));
  }

  /** The path of the track to play next, or null when there is none. */
  async next(): Promise<string | null> {
    const path = this.#order.next();
    if (path !== null) this.#given = { path, version: await version(path) };
    return path;
  }

  /** Leaves out what next() gave last until it changes; one line says why. */
  reject(why: string): void {
    const { path, version } = this.#given;
    this.log.warn(`${this.nameOf(path)} is skipped: ${why}`);
    this.#rejected.set(path, { version, why });
  }

  /** What next() gave last cannot be played now, through no fault of its own: it keeps its turn in the next round. */
  pass(why: string): void {
    this.log.repeated(`${this.nameOf(this.#given.path)} is passed over: ${why}`);
  }

  /** A file as people are told of it: from the directory. */
  nameOf(path: string): string {
    return relative(this.config.directory, path);
  }

  #isTrack(name: string): boolean {
    return this.config.extensions.includes(extname(name).toLowerCase());
  }

  /** Rejected files that are new versions by now, or gone, are rejected no more. */
  async #forgiveChanged(): Promise<void> {
    const here = new Set(this.#files);
    for (const [path, rejected] of this.#rejected) {
      if (!here.has(path) || rejected.version !== (await version(path)))
        this.#rejected.delete(path);
    }
  }

  #tell(unreadable: ReadonlyMap<string, string>): void {
    const { directory } = this.config;
    for (const [folder, code] of unreadable) {
      if (this.#unreadable.has(folder)) continue;
      const what = folder === directory ? "playlist directory" : "folder";
      const rest = folder === directory ? "DJs only" : "its tracks are left out";
      this.log.warn(`the ${what} ${folder} cannot be read (${code}): ${rest}`);
    }
    if (this.#unreadable.has(directory) && !unreadable.has(directory)) {
      this.log.info(`the playlist directory ${directory} is there again`);
    }
    this.#unreadable = unreadable;
  }
}

/** Sorted by name, helped by the order of the look before: comparing names is what costs, and few are new. */
function sorted(files: readonly string[], before: readonly string[]): readonly string[] {
  const here = new Set(files);
  const known = new Set(before);
  const kept = before.filter((file) => here.has(file));
  const added = files.filter((file) => !known.has(file)).sort(compareNames);
  return added.length === 0 ? kept : [...kept, ...added].sort(compareNames);
}

async function version(path: string): Promise<string> {
  try {
    // A change of rights moves ctime alone.
    const { size, mtimeMs, ctimeMs, ino } = await stat(path);
    return `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
  } catch {
    // Vanished or out of reach: any version that comes back is a new one.
    return "gone";
  }
}
