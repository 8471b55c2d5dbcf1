// Where the lines of the log go: to standard error, or to a file; to both while the file cannot be written. Never waits
// for either.
import type { LineFile } from "./line-file.ts";
import { Outlet, type Print } from "./outlet.ts";

export class LogOutput {
  /** null: standard error alone. */
  #file: LineFile | null = null;
  readonly #outlet: Outlet;

  /** Calls `onLost` with the number of lines that standard error did not take, as soon as it takes lines again. */
  constructor(print: Print, onLost: (lines: number) => void = () => undefined) {
    this.#outlet = new Outlet(print, onLost);
  }

  /** `line` has no line break. */
  write(line: string): void {
    const file = this.#file;
    const isInFile = file !== null && file.add(line) && !file.isFailing;
    if (!isInFile) this.#outlet.write(`${line}\n`);
  }

  /** From now on to this file. Resolves when the file before has its last lines, or has failed to take them. */
  async use(file: LineFile | null): Promise<void> {
    const before = this.#file;
    this.#file = file;
    await Promise.all([before?.close(), file?.open()]);
  }

  /** Writes on at the file's path, wherever the file there has been moved. */
  async reopen(): Promise<void> {
    await this.#file?.reopen();
  }
}
