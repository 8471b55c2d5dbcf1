// One line per state change on standard error; repeated lines are collapsed, and lines per period are bounded.

import { BUDGET_PERIOD_MS, LogBudget } from "./log-budget.ts";
import { type Level, type LogLine, LogTail } from "./log-tail.ts";
import { Outlet, type Print } from "./outlet.ts";
import { printable } from "./text.ts";

export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Logs the first occurrence at once; further ones within the period are collapsed into one line. Beyond
   * MAX_REPEATED distinct texts, all others count as one, so nobody can flood the log. */
  repeated(text: string): void;
  /** Like info, for events that clients or tiny files can cause: the first few of a kind per period are
   * written, the others are collapsed into one line that names the kind. */
  often(kind: string, text: string): void;
  /** The same log with this mount or part named in each line. */
  of(name: string): Log;
  /** The last lines of the log, all parts included. */
  readonly tail: LogTail;
}

export const REPEAT_PERIOD_MS = 10_000;
export const MAX_REPEATED = 256;

/** Lines of one kind per period that `often` writes: few enough to read. */
export const MAX_OFTEN = 10;

/** In characters. Longer lines come from untrusted input. */
const MAX_TEXT = 2000;

const TOO_MANY = "more kinds of warnings than fit one by one";

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
    const kind = this.kindOf(this.prefix + text);
    this.collapse("warn", kind, kind, 1);
  }

  often(kind: string, text: string): void {
    this.collapse("info", this.kindOf(this.prefix + kind), this.prefix + text, MAX_OFTEN);
  }

  private collapse(level: Level, kind: string, line: string, most: number): void {
    const seen = this.counts.get(kind) ?? 0;
    this.counts.set(kind, seen + 1);
    if (seen < most) this.write(level, line);
    if (seen === 0) setTimeout(() => this.report(level, kind, most), REPEAT_PERIOD_MS).unref();
  }

  private kindOf(kind: string): string {
    const isOwnKind = this.counts.size < MAX_REPEATED || this.counts.has(kind);
    return isOwnKind ? kind : TOO_MANY;
  }

  private report(level: Level, kind: string, most: number): void {
    const again = (this.counts.get(kind) ?? 0) - most;
    this.counts.delete(kind);
    if (again > 0) this.write(level, `${kind} (${again} more in ${REPEAT_PERIOD_MS / 1000} s)`);
  }

  of(name: string): Log {
    return new LineLog(this.write, `${this.prefix}${name}: `, this.counts, this.tail);
  }
}

/** A log whose lines go to `write`, which tests replace. Debug lines only while verbose. */
export function createLog(write: Write, isVerbose = () => true): Log {
  const tail = new LogTail();
  const put: Write = (level, text) => {
    const line = lineOf(level, text);
    tail.keep(line);
    write(level, line.text);
  };
  const budget = new LogBudget((lines) =>
    put("warn", `${lines} more lines in ${BUDGET_PERIOD_MS / 1000} s were not written`),
  );
  const keep: Write = (level, text) => {
    if ((level !== "debug" || isVerbose()) && budget.take(level)) put(level, text);
  };
  return new LineLog(keep, "", new Map(), tail);
}

function lineOf(level: Level, text: string): LogLine {
  return { time: new Date().toISOString(), level, text: printable(text.slice(0, MAX_TEXT)) };
}

/** The running station's log: timestamped lines; debug lines only while verbose. Lines that `print` does not
 * accept are queued; the log reports how many were lost once it accepts again. */
export function consoleLog(isVerbose: () => boolean, print: Print): Log {
  const outlet = new Outlet(print, (lines) =>
    log.warn(`${lines} log lines were lost: the output was blocked`),
  );
  const log = createLog((level, text) => {
    outlet.write(`${new Date().toISOString()} ${level.padEnd(5)} ${text}\n`);
  }, isVerbose);
  return log;
}
