// One SQLite database in a file, for its own thread only: opened with the first use, set aside if it is damaged.
import { Database } from "bun:sqlite";
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/** Errors of the file's contents. */
const DAMAGED: ReadonlySet<string> = new Set(["SQLITE_CORRUPT", "SQLITE_NOTADB"]);

/** Nobody else's to read: who listened is in it. */
const MODE = 0o640;

export interface Used<T> {
  readonly value: T;
  /** The new name of a damaged file, which was replaced by an empty one meanwhile. */
  readonly setAside: string | null;
}

export class DatabaseFile {
  #database: Database | null = null;

  /** `prepare`: makes or changes the tables of an open database. */
  constructor(
    private readonly file: string,
    private readonly prepare: (database: Database) => void,
    private readonly cacheKib = 1024,
  ) {}

  /** Throws SQLite's or the file system's error; a damaged file is set aside and `work` repeated. `work` gets null if there
   * is no file and it may not make one. */
  use<T>(mayMake: boolean, work: (database: Database | null) => T): Used<T> {
    try {
      return { value: work(this.#open(mayMake)), setAside: null };
    } catch (error) {
      this.close();
      if (!isDamage(error)) throw error;
      const setAside = this.#setAside();
      return { value: work(this.#open(mayMake)), setAside };
    }
  }

  close(): void {
    try {
      this.#database?.close();
    } finally {
      this.#database = null;
    }
  }

  #open(mayMake: boolean): Database | null {
    if (this.#database !== null) return this.#database;
    if (!existsSync(this.file)) {
      if (!mayMake) return null;
      mkdirSync(dirname(this.file), { recursive: true });
      // The files beside it get the same mode.
      closeSync(openSync(this.file, "a", MODE));
    }
    const database = new Database(this.file, { create: true, readwrite: true });
    this.#database = this.#prepared(database);
    return this.#database;
  }

  /** Throws when it is no database. Without a sync per transaction a power cut loses the last ones, and damages nothing. */
  #prepared(database: Database): Database {
    try {
      database.run("PRAGMA busy_timeout = 1000");
      database.run("PRAGMA journal_mode = WAL");
      database.run("PRAGMA synchronous = NORMAL");
      database.run(`PRAGMA cache_size = -${this.cacheKib}`);
      this.prepare(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  #setAside(): string {
    const name = `${this.file}.damaged`;
    renameSync(this.file, name);
    for (const ending of ["-wal", "-shm"]) rmSync(this.file + ending, { force: true });
    return name;
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && "code" in error && DAMAGED.has(String(error.code));
}

/** The version of a database's tables; 0 if it has none yet. */
export function versionOf(database: Database): number {
  const found = database.query<{ user_version: number }, []>("PRAGMA user_version").get();
  return found?.user_version ?? 0;
}
