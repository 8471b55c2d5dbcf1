// The users of an htpasswd file, which is read again when it has changed.
import type { FileText } from "../disk/text-file.ts";
import type { Log } from "../lib/log.ts";
import { type Htpasswd, parseHtpasswd } from "./htpasswd.ts";

/** Milliseconds between two looks, however many log in. */
const LOOK_MS = 1000;

/** The text of a file; `known` is returned as it is if the file has not changed since. Rejects with a sentence. */
export type LoadText = (path: string, known: FileText | null) => Promise<FileText>;

type Users = Htpasswd["users"];

export class UserFile {
  #held: FileText | null = null;
  #users: Users = new Map();
  #lookedMs = -Infinity;
  #looking: Promise<void> | null = null;
  #trouble = "";

  constructor(
    readonly path: string,
    private readonly load: LoadText,
    private readonly log: Log,
  ) {}

  /** Those of the file now; while it cannot be read, those that were in it. null if it never could. */
  async users(nowMs: number): Promise<Users | null> {
    if (nowMs - this.#lookedMs >= LOOK_MS) {
      this.#lookedMs = nowMs;
      this.#looking = this.#look().finally(() => (this.#looking = null));
    }
    await this.#looking;
    return this.#held === null ? null : this.#users;
  }

  async #look(): Promise<void> {
    try {
      const found = await this.load(this.path, this.#held);
      if (this.#trouble !== "") this.log.info(`${this.path} can be read again`);
      this.#trouble = "";
      if (found !== this.#held) this.#take(found);
    } catch (error) {
      this.#report(error instanceof Error ? error.message : String(error));
    }
  }

  #take(found: FileText): void {
    const { users, broken } = parseHtpasswd(found.text);
    this.#held = found;
    this.#users = users;
    if (broken.length === 0) return;
    const lines = broken.slice(0, 5).join(", ") + (broken.length > 5 ? ", …" : "");
    this.log.warn(`${this.path}: no user with a known hash in line ${lines}`);
  }

  #report(trouble: string): void {
    if (trouble !== this.#trouble)
      this.log.warn(`the users of ${this.path} cannot be read: ${trouble}`);
    this.#trouble = trouble;
  }
}
