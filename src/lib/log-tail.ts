// The last lines of the log in memory, bounded and numbered.

/** The least important first. */
export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

export interface LogLine {
  /** ISO 8601 */
  readonly time: string;
  readonly level: Level;
  readonly text: string;
}

/** A line and its number, counted from 1 since the start. */
export interface NumberedLine extends LogLine {
  readonly number: number;
}

/** Half a megabyte of usual lines; a day of a quiet station. */
export const KEPT_LINES = 2000;

/** Longer lines come from untrusted input. */
const MAX_TEXT = 2000;

export interface LineChoice {
  /** This, and more important ones. */
  readonly level: Level;
  /** Words that a line must have; "" for all lines. */
  readonly search: string;
}

export class LogTail {
  readonly #lines: NumberedLine[] = [];
  #count = 0;
  /** Lines since the start. */
  readonly counts: Record<Level, number> = { debug: 0, info: 0, warn: 0, error: 0 };

  /** Lines since the start. */
  get count(): number {
    return this.#count;
  }

  keep(line: LogLine): void {
    this.#count++;
    this.counts[line.level]++;
    const kept = { ...line, text: line.text.slice(0, MAX_TEXT), number: this.#count };
    this.#lines[(this.#count - 1) % KEPT_LINES] = kept;
  }

  /** The newest lines, at most `count`, oldest first. */
  last(count: number): NumberedLine[] {
    const kept = Math.min(count, this.#lines.length);
    return Array.from({ length: kept }, (_, i) => this.#at(this.#count - kept + i));
  }

  /** The lines after this number, at most `count`, the newest of them. */
  since(number: number, count: number): NumberedLine[] {
    return this.last(Math.min(count, this.#count - number));
  }

  /** The newest lines that are at least this important and have the words, at most `count`, oldest first. */
  matching({ level, search }: LineChoice, count: number): NumberedLine[] {
    const least = LEVELS.indexOf(level);
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.last(KEPT_LINES).filter((line) => {
      if (LEVELS.indexOf(line.level) < least) return false;
      const text = line.text.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return found.slice(Math.max(0, found.length - count));
  }

  #at(index: number): NumberedLine {
    const line = this.#lines[index % KEPT_LINES];
    if (line === undefined) throw new RangeError(`No line ${index}`);
    return line;
  }
}
