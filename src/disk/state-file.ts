// A small file of the station's own that outlasts a restart, read and written whole. One that cannot be understood is set
// aside.
import type { Log } from "../lib/log.ts";
import type { OpenFile } from "../lib/open-file.ts";
import { DiskError } from "./disk.ts";

/** What is in it is people's: not readable by every user. */
const MODE = 0o640;

/** The part of a disk that is used; each call rejects with a DiskError. */
export interface StateDisk {
  open(path: string): Promise<OpenFile>;
  /** Writes a file complete or not at all. */
  replace(path: string, bytes: Uint8Array, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

export interface StateTerms {
  readonly maxBytes: number;
  /** What may be lost at the next start when the disk fails, such as "bans". */
  readonly contents: string;
  /** Added to the sentence about a damaged file: what follows from it. */
  readonly consequence?: string;
}

export class StateFile {
  /** Its folder is made when there is something to keep. */
  constructor(
    private readonly path: string,
    private readonly terms: StateTerms,
    private readonly disk: StateDisk,
    private readonly log: Log,
  ) {}

  /** `parse` throws if it does not understand the text. Gives `empty` if there is no file, or none that can be used; never
   * rejects. */
  async read<T>(parse: (text: string) => T, empty: T): Promise<T> {
    try {
      return parse(await this.#text());
    } catch (error) {
      if (!(error instanceof DiskError)) await this.#setAside();
      else if (error.code !== "ENOENT") this.#failed("read", error);
      return empty;
    }
  }

  /** Never rejects. */
  async write(text: string): Promise<void> {
    await this.disk
      .replace(this.path, Buffer.from(text), MODE)
      .catch((error: unknown) => this.#failed("write", error));
  }

  /** Throws SyntaxError if it is too large, or no file. */
  async #text(): Promise<string> {
    const file = await this.disk.open(this.path);
    try {
      const { size, isFile } = await file.stat();
      if (!isFile() || size > this.terms.maxBytes) throw new SyntaxError("it is too large");
      const bytes = new Uint8Array(size);
      const { bytesRead } = await file.read(bytes, 0, size, 0);
      return Buffer.from(bytes.subarray(0, bytesRead)).toString();
    } finally {
      await file.close();
    }
  }

  async #setAside(): Promise<void> {
    const aside = `${this.path}.broken`;
    const { consequence = "" } = this.terms;
    this.log.warn(`${this.path} is damaged: it is set aside as ${aside}${consequence}`);
    await this.disk.rename(this.path, aside).catch((error: unknown) => this.#failed("move", error));
  }

  #failed(what: string, error: unknown): void {
    const code = error instanceof DiskError ? error.code : String(error);
    const { contents } = this.terms;
    this.log.repeated(
      `cannot ${what} ${this.path} (${code}): ${contents} may be lost at the next start`,
    );
  }
}
