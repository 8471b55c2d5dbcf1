// State that is kept in a small file: read once, and written again whenever it has changed.
import type { StateFile } from "./state-file.ts";

export class KeptState {
  /** What is saved before the file has been read must not replace it. */
  #loading: Promise<void> = Promise.resolve();
  #writing: Promise<void> | null = null;
  #isStale = false;

  constructor(private readonly file: StateFile) {}

  /** Calls `take` with what an earlier run kept, or with `empty`; `parse` throws if it does not understand the text. Never
   * rejects. */
  load<T>(parse: (text: string) => T, empty: T, take: (kept: T) => void): Promise<void> {
    this.#loading = this.file.read(parse, empty).then(take);
    return this.#loading;
  }

  /** Writes soon; `text` gives the newest state. */
  save(text: () => string): void {
    this.#isStale = true;
    this.#writing ??= this.#loading
      .then(() => this.#write(text))
      .finally(() => (this.#writing = null));
  }

  /** When what was to be saved is written, or could not be. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(text: () => string): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await this.file.write(text());
    }
  }
}
