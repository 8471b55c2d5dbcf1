// A file that lines are appended to, about once a second, without anybody waiting for its disk. It is opened for each append,
// so whoever moves it away gets a new one.
import type { Log } from "./log.ts";

/** Lines that wait while the disk is slow; of those beyond only the number is told. */
export const MAX_LINES = 4096;

const PERIOD_MS = 1000;

const NONE = new Uint8Array(0);

/** Bytes the file has taken; rejects when it cannot be written. */
export type Append = (file: string, bytes: Uint8Array) => Promise<number>;

/** Addresses of people are in such lines: not for everybody on this machine. */
export const LINE_FILE_MODE = 0o640;

export class LineFile {
  readonly #lines: string[] = [];
  /** What an append was to write and did not, and how many lines that is at most. */
  #rest: Uint8Array = NONE;
  #restLines = 0;
  #writing: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    /** Absolute. */
    private readonly file: string,
    private readonly log: Log,
    private readonly append: Append,
  ) {}

  /** Tells at once when it cannot be written. */
  async open(): Promise<void> {
    await this.append(this.file, NONE).catch((error: unknown) => this.#failed(error));
  }

  add(line: string): void {
    if (this.#lines.length + this.#restLines >= MAX_LINES) {
      this.log.repeated(`a line for ${this.file} was lost: it is not written fast enough`);
      return;
    }
    this.#lines.push(line);
    this.#schedule();
  }

  /** Writes what waits, trying once. */
  async close(): Promise<void> {
    await this.#writing;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#write();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#turn(), PERIOD_MS).unref();
  }

  async #turn(): Promise<void> {
    this.#writing = this.#write();
    await this.#writing;
    this.#timer = undefined;
    if (this.#lines.length + this.#restLines > 0) this.#schedule();
  }

  async #write(): Promise<void> {
    if (this.#lines.length + this.#restLines === 0) return;
    this.#restLines += this.#lines.length;
    const text = this.#lines.splice(0).map((line) => `${line}\n`);
    this.#rest = Buffer.concat([this.#rest, Buffer.from(text.join(""))]);
    try {
      const taken = await this.append(this.file, this.#rest);
      this.#rest = this.#rest.subarray(taken);
      if (this.#rest.length === 0) this.#restLines = 0;
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    this.log.repeated(`${this.file} cannot be written (${why}): check advanced.access_log`);
  }
}
