// The last lines of the log in memory: a bounded number of them, each counted, for who asks later.

export type Level = "debug" | "info" | "warn" | "error";

export interface LogLine {
  /** ISO 8601 */
  readonly time: string;
  readonly level: Level;
  readonly text: string;
}

/** A line and how many there had been with it. */
export interface NumberedLine extends LogLine {
  readonly number: number;
}

export const KEPT_LINES = 500;

/** Longer ones are of a stranger's making. */
const MAX_TEXT = 2000;

export class LogTail {
  readonly #lines: NumberedLine[] = [];
  #count = 0;

  /** Lines since the start. */
  get count(): number {
    return this.#count;
  }

  keep(line: LogLine): void {
    this.#count++;
    const kept = { ...line, text: line.text.slice(0, MAX_TEXT), number: this.#count };
    this.#lines[(this.#count - 1) % KEPT_LINES] = kept;
  }

  /** The newest, at most so many, the oldest of them first. */
  last(count: number): NumberedLine[] {
    const kept = Math.min(count, this.#lines.length);
    return Array.from({ length: kept }, (_, i) => this.#at(this.#count - kept + i));
  }

  /** Those after the line of this number, at most so many, the newest. */
  since(number: number, count: number): NumberedLine[] {
    return this.last(Math.min(count, this.#count - number));
  }

  #at(index: number): NumberedLine {
    const line = this.#lines[index % KEPT_LINES];
    if (line === undefined) throw new RangeError(`There is no line ${index}`);
    return line;
  }
}
