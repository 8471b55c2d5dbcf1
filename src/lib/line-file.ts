// Appends lines to a file about once a second, without waiting for its disk. Opens the file for each append, so that
// log rotation can move it away.
import type { Log } from "./log.ts";

/** Lines queued while the disk is slow; the ones beyond are only counted. */
export const MAX_LINES = 4096;

const PERIOD_MS = 1000;

const NONE = new Uint8Array(0);

/** Resolves with the bytes written; rejects if the file cannot be written. */
export type Append = (file: string, bytes: Uint8Array) => Promise<number>;

/** The lines have listeners' addresses: not readable by every user. */
export const LINE_FILE_MODE = 0o640;

export class LineFile {
  readonly #lines: string[] = [];
  /** The unwritten part of the last append, and the most lines it can be. */
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

  /** Rejects at once if the file cannot be written. */
  async open(): Promise<void> {
    await this.append(this.file, NONE).catch((error: unknown) => this.#failed(error));
  }

  add(line: string): void {
    if (this.#lines.length + this.#restLines >= MAX_LINES) {
      this.log.repeated(`${this.file} is too slow to write: lines are lost`);
      return;
    }
    this.#lines.push(line);
    this.#schedule();
  }

  /** Writes the queued lines, trying once. */
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
    this.log.repeated(`cannot write ${this.file} (${why}): check advanced.access_log`);
  }
}
