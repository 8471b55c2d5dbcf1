// Keeps the bans in a file across restarts. A file that cannot be understood is set aside.
import { join } from "node:path";
import { DiskError } from "../disk/disk.ts";
import type { Log } from "../lib/log.ts";
import type { OpenFile } from "../lib/open-file.ts";
import { type Ban, banRange, MAX_BANS } from "./ban.ts";

const NAME = "bans.json";

/** A thousand bans with long reasons are smaller. */
const MAX_BYTES = 1 << 20;

/** The addresses are people's: not readable by every user. */
const MODE = 0o640;

/** The part of a disk that is used; each call rejects with a DiskError. */
export interface BanDisk {
  open(path: string): Promise<OpenFile>;
  /** Writes a file complete or not at all. */
  replace(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

export class BanFile {
  readonly #path: string;
  /** What is saved before the file has been read must not replace it. */
  #loading: Promise<void> = Promise.resolve();
  #writing: Promise<void> | null = null;
  #isStale = false;

  /** `folder` is made when there is something to keep. */
  constructor(
    folder: string,
    private readonly disk: BanDisk,
    private readonly log: Log,
  ) {
    this.#path = join(folder, NAME);
  }

  /** Calls `take` with the bans of an earlier run. Never rejects. */
  load(take: (bans: readonly Ban[]) => void): Promise<void> {
    this.#loading = this.#read().then(take);
    return this.#loading;
  }

  async #read(): Promise<readonly Ban[]> {
    try {
      return bansIn(await this.#text());
    } catch (error) {
      if (!(error instanceof DiskError)) await this.#setAside();
      else if (error.code !== "ENOENT") this.#failed("read", error);
      return [];
    }
  }

  /** Writes soon; `bans` gives the newest state. */
  save(bans: () => readonly Ban[]): void {
    this.#isStale = true;
    this.#writing ??= this.#loading
      .then(() => this.#write(bans))
      .finally(() => (this.#writing = null));
  }

  /** When what was to be saved is written, or could not be. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(bans: () => readonly Ban[]): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      const text = JSON.stringify({ bans: bans().toReversed() }, null, 1);
      await this.disk
        .replace(this.#path, Buffer.from(`${text}\n`), MODE)
        .catch((error: unknown) => this.#failed("write", error));
    }
  }

  /** Throws SyntaxError if it is too large, or no file. */
  async #text(): Promise<string> {
    const file = await this.disk.open(this.#path);
    try {
      const { size, isFile } = await file.stat();
      if (!isFile() || size > MAX_BYTES) throw new SyntaxError("it is too large");
      const bytes = new Uint8Array(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      return Buffer.from(bytes.subarray(0, bytesRead)).toString();
    } finally {
      await file.close();
    }
  }

  async #setAside(): Promise<void> {
    const aside = `${this.#path}.broken`;
    this.log.warn(
      `${this.#path} is damaged: it is set aside as ${aside}, and no address is banned`,
    );
    await this.disk
      .rename(this.#path, aside)
      .catch((error: unknown) => this.#failed("move", error));
  }

  #failed(what: string, error: unknown): void {
    const code = error instanceof DiskError ? error.code : String(error);
    this.log.repeated(`cannot ${what} ${this.#path} (${code}): bans may be lost at the next start`);
  }
}

/** Throws SyntaxError. */
function bansIn(text: string): Ban[] {
  const file: unknown = JSON.parse(text);
  const bans = typeof file === "object" && file !== null ? Reflect.get(file, "bans") : null;
  if (!Array.isArray(bans)) throw new SyntaxError("it has no list of bans");
  return bans.slice(0, MAX_BANS).map((one: unknown) => {
    if (!isBan(one)) throw new SyntaxError("one of its bans is none");
    return one;
  });
}

/** Dates end in the year 275760, and begin as long before 1970. */
const LAST_MS = 8.64e15;

const TYPES = {
  address: "string",
  sinceMs: "number",
  untilMs: "number",
  by: "string",
  reason: "string",
} as const satisfies Record<keyof Ban, string>;

function isBan(value: unknown): value is Ban {
  if (typeof value !== "object" || value === null) return false;
  const hasAll = Object.entries(TYPES).every(
    ([name, type]) => typeof Reflect.get(value, name) === type,
  );
  const address: unknown = Reflect.get(value, "address");
  const areDates = ["sinceMs", "untilMs"].every(
    (name) => Math.abs(Number(Reflect.get(value, name))) < LAST_MS,
  );
  return hasAll && areDates && banRange(String(address)) === address;
}
