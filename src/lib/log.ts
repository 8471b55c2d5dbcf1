// One line per state change on standard error; repeated trouble is counted and told once per period.

import { type LogLine, LogTail } from "./log-tail.ts";

export type Level = "debug" | "info" | "warn" | "error";

export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Tells the first at once; those that follow within the period are counted and told as one line.
   * Beyond MAX_REPEATED different ones, all others count as one: a crowd cannot flood the log. */
  repeated(text: string): void;
  /** The same log with every line naming this mount or part too. */
  of(name: string): Log;
  /** The last lines of all its parts. */
  readonly tail: LogTail;
}

export const REPEAT_PERIOD_MS = 10_000;
export const MAX_REPEATED = 256;
const TOO_MANY = "more kinds of warnings than can be told one by one";

type Write = (level: Level, text: string) => void;

class LineLog implements Log {
  constructor(
    private readonly write: Write,
    private readonly prefix: string,
    private readonly counts: Map<string, number>,
    readonly tail: LogTail,
  ) {}

  debug(text: string): void {
    this.write("debug", this.prefix + text);
  }

  info(text: string): void {
    this.write("info", this.prefix + text);
  }

  warn(text: string): void {
    this.write("warn", this.prefix + text);
  }

  error(text: string): void {
    this.write("error", this.prefix + text);
  }

  repeated(text: string): void {
    const line = this.lineOf(this.prefix + text);
    const seen = this.counts.get(line);
    this.counts.set(line, seen === undefined ? 0 : seen + 1);
    if (seen !== undefined) return;
    this.write("warn", line);
    setTimeout(() => this.tell(line), REPEAT_PERIOD_MS).unref();
  }

  private lineOf(line: string): string {
    const isToldAlone = this.counts.size < MAX_REPEATED || this.counts.has(line);
    return isToldAlone ? line : TOO_MANY;
  }

  private tell(line: string): void {
    const again = this.counts.get(line) ?? 0;
    this.counts.delete(line);
    if (again > 0) this.write("warn", `${line} (${again} more in ${REPEAT_PERIOD_MS / 1000} s)`);
  }

  of(name: string): Log {
    return new LineLog(this.write, `${this.prefix}${name}: `, this.counts, this.tail);
  }
}

/** A log whose lines go to `write`; a test hands in its own. Debug lines only when verbose. */
export function createLog(write: Write, verbose = true): Log {
  const tail = new LogTail();
  const tell: Write = (level, text) => {
    if (level === "debug" && !verbose) return;
    tail.keep(lineOf(level, text));
    write(level, text);
  };
  return new LineLog(tell, "", new Map(), tail);
}

function lineOf(level: Level, text: string): LogLine {
  return { time: new Date().toISOString(), level, text: printable(text) };
}

/** The running station's log: a timestamped line each; debug lines only when verbose. */
export function consoleLog(verbose: boolean): Log {
  return createLog((level, text) => {
    const time = new Date().toISOString();
    process.stderr.write(`${time} ${level.padEnd(5)} ${printable(text)}\n`);
  }, verbose);
}

/** What a stranger sent must not move the cursor, turn the direction of writing or forge a line. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, "?");
}
