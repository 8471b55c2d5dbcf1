// Appends lines to a file every so often, without waiting for its disk. Opens the file for each append, so that
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
  #writing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFailing = false;

  constructor(
    /** Absolute. */
    private readonly file: string,
    private readonly log: Pick<Log, "repeated">,
    private readonly append: Append,
    /** `key`: names the file in the configuration. */
    private readonly options = { key: "advanced.access_log", periodMs: PERIOD_MS },
  ) {}

  /** The last attempt to write has failed; the lines are kept for the next. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Creates the file, and logs at once if it cannot be written. */
  async open(): Promise<void> {
    await this.#append(NONE);
  }

  /** False if the line was lost. */
  add(line: string): boolean {
    if (this.#lines.length + this.#restLines >= MAX_LINES) {
      this.log.repeated(`${this.file} is too slow to write: lines are lost`);
      return false;
    }
    this.#lines.push(line);
    this.#schedule();
    return true;
  }

  /** Writes what is queued, and creates the file if it was moved away. */
  async reopen(): Promise<void> {
    await this.#writeNext(true);
  }

  /** Writes the queued lines, trying once. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writeNext();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#turn(), this.options.periodMs).unref();
  }

  async #turn(): Promise<void> {
    await this.#writeNext();
    this.#timer = undefined;
    if (this.#lines.length + this.#restLines > 0) this.#schedule();
  }

  /** One write at a time. */
  #writeNext(isForced = false): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(isForced));
    return this.#writing;
  }

  async #write(isForced = false): Promise<void> {
    if (this.#lines.length + this.#restLines === 0 && !isForced) return;
    this.#restLines += this.#lines.length;
    const text = this.#lines.splice(0).map((line) => `${line}\n`);
    this.#rest = Buffer.concat([this.#rest, Buffer.from(text.join(""))]);
    const taken = await this.#append(this.#rest);
    this.#rest = this.#rest.subarray(taken);
    if (this.#rest.length === 0) this.#restLines = 0;
  }

  /** Returns the bytes written: none if it failed. */
  async #append(bytes: Uint8Array): Promise<number> {
    try {
      const taken = await this.append(this.file, bytes);
      this.#isFailing = false;
      return taken;
    } catch (error) {
      this.#isFailing = true;
      const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
      this.log.repeated(`cannot write ${this.file} (${why}): check ${this.options.key}`);
      return 0;
    }
  }
}
