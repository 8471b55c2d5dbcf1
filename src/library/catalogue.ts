// The catalogue as the station's thread knows it: asks the thread that has the file, and never waits for it to write.
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { Disks } from "../disk/disks.ts";
import { databaseTrouble } from "../database/trouble.ts";
import type { Disk } from "../disk/disk.ts";
import type { Log } from "../lib/log.ts";
import {
  type CatalogueCall,
  type CatalogueReply,
  type Heard,
  type Kept,
  PAGE_ROWS,
  type Played,
  type Whose,
} from "./catalogue-calls.ts";
import type { Row } from "./row.ts";

const NAME = "library.sqlite";

/** Files that wait for a slow disk; more are measured again after a restart. */
const MAX_WAITING = 5000;
const MAX_HEARD = 100;

type Question = CatalogueCall extends infer Each
  ? Each extends CatalogueCall
    ? Omit<Each, "catalogue">
    : never
  : never;

/** Where the library is kept; "" if nothing is to outlast a restart. */
export function libraryDirectory({ library, server }: Config): string {
  const state = server.stateDirectory === "" ? "" : join(server.stateDirectory, "library");
  return library.directory || state;
}

/** null if nothing is to outlast a restart. */
export function catalogueOf(config: Config, disks: Disks, log: Log): Catalogue | null {
  const directory = libraryDirectory(config);
  return directory === "" ? null : new Catalogue(directory, disks, log);
}

export class Catalogue {
  /** Called when the file was damaged and is empty now. */
  readonly #onEmptied = new Set<() => void>();
  readonly #disk: Disk;
  #rows: Row[] = [];
  #gone: string[] = [];
  #heard: Heard[] = [];
  #isWriting = false;
  #isFailing = false;

  /** `directory` and its file are made when there is something to keep. */
  constructor(
    private readonly directory: string,
    disks: Disks,
    private readonly log: Log,
  ) {
    // A slow write must not hold up the music, which may be on the same disk.
    this.#disk = disks.apart(directory, `the library directory ${directory}`, log);
  }

  onEmptied(resend: () => void): Disposable {
    this.#onEmptied.add(resend);
    return { [Symbol.dispose]: () => void this.#onEmptied.delete(resend) };
  }

  /** What a mount played; null if nothing is known. Never rejects. */
  async place(whose: Whose): Promise<Kept | null> {
    return (await this.#ask({ call: "place", ...whose })) as Kept | null;
  }

  /** Files that were heard in this round, page by page. Never rejects. */
  async *played(whose: Whose, round: number): AsyncIterable<Played> {
    for (let after = ""; ;) {
      const page = (await this.#ask({ call: "played", ...whose, round, after })) as Played | null;
      if (page === null || page.length === 0) return;
      yield page;
      if (page.length < PAGE_ROWS) return;
      after = page.at(-1)?.[0] ?? "";
    }
  }

  /** What is known about the files of a directory whose paths sort behind `from`, page by page. Never rejects. */
  async *rows(directory: string, from = ""): AsyncIterable<readonly Row[]> {
    for (let after = from; ;) {
      const page = (await this.#ask({ call: "rows", directory, after })) as Row[] | null;
      if (page === null || page.length === 0) return;
      yield page;
      if (page.length < PAGE_ROWS) return;
      after = page.at(-1)?.path ?? "";
    }
  }

  /** Keeps what was measured, and notes which files are gone. */
  keep(rows: readonly Row[], gone: readonly string[]): void {
    if (rows.length + gone.length === 0) return;
    if (this.#rows.length < MAX_WAITING) this.#rows.push(...rows);
    if (this.#gone.length < MAX_WAITING) this.#gone.push(...gone);
    void this.#write();
  }

  heard(heard: Heard): void {
    this.#heard = [...this.#heard.slice(1 - MAX_HEARD), heard];
    void this.#write();
  }

  /** One write at a time. */
  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      for (let next = this.#next(); next !== null; next = this.#next()) await this.#ask(next);
    } finally {
      this.#isWriting = false;
    }
  }

  #next(): Question | null {
    const heard = this.#heard.shift();
    if (heard !== undefined) return { call: "heard", ...heard };
    const [rows, gone] = [this.#rows.splice(0, PAGE_ROWS), this.#gone.splice(0, PAGE_ROWS)];
    return rows.length + gone.length === 0 ? null : { call: "keep", rows, gone };
  }

  /** null after a failure, which is logged once. */
  async #ask(question: Question): Promise<unknown> {
    const call = { ...question, catalogue: join(this.directory, NAME) } as CatalogueCall;
    try {
      const reply = (await this.#disk.ask(call, false)) as CatalogueReply;
      if (reply.setAside !== null) this.#emptied(reply.setAside);
      this.#succeeded();
      return reply.value;
    } catch (error) {
      this.#failed(error);
      return null;
    }
  }

  #emptied(setAside: string): void {
    const file = join(this.directory, NAME);
    this.log.warn(`${file} was damaged and is now ${setAside}: the library is read again`);
    for (const resend of this.#onEmptied) resend();
  }

  #succeeded(): void {
    if (this.#isFailing) this.log.info(`the library is kept in ${this.directory} again`);
    this.#isFailing = false;
  }

  #failed(error: unknown): void {
    const why = databaseTrouble(error);
    if (!this.#isFailing)
      this.log.warn(
        `the library cannot be kept in ${this.directory} (${why}): after a restart it is read again`,
      );
    this.#isFailing = true;
  }
}
