// One line per state change on standard error; repeated lines are collapsed, and lines per period are bounded.

import { BUDGET_PERIOD_MS, LogBudget } from "./log-budget.ts";
import { type LogEntry, type LogFields, type LogFormat, logLine, logText } from "./log-line.ts";
import { type Level, LEVELS, LogTail } from "./log-tail.ts";

export interface Log {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
  /** Logs the first occurrence at once; further ones within the period are collapsed into one line. Beyond
   * MAX_REPEATED distinct texts, all others count as one, so nobody can flood the log. */
  repeated(text: string, fields?: LogFields): void;
  /** Like info, for events that clients or tiny files can cause: the first few of a kind per period are
   * written, the others are collapsed into one line that names the kind. `line` is called for those that are written. */
  often(kind: string, line: () => OftenLine): void;
  /** The same log with this mount or part named in each line. */
  of(name: string): Log;
  /** The last lines of the log, all parts included. */
  readonly tail: LogTail;
}

interface OftenLine {
  readonly text: string;
  readonly fields?: LogFields;
}

export const REPEAT_PERIOD_MS = 10_000;
export const MAX_REPEATED = 256;

/** Lines of one kind per period that `often` writes: few enough to read. */
export const MAX_OFTEN = 10;

const TOO_MANY = "more kinds of warnings than fit one by one";

/** `text`: the whole line, with the names in front. */
type Write = (level: Level, text: string, entry: LogEntry) => void;

/** What is about to be written. */
type Draft = Pick<LogEntry, "level" | "names" | "message" | "fields">;

const NO_FIELDS: LogFields = {};

class LineLog implements Log {
  constructor(
    private readonly write: (draft: Draft) => void,
    private readonly names: readonly string[],
    private readonly counts: Map<string, number>,
    readonly tail: LogTail,
  ) {}

  debug(message: string, fields = NO_FIELDS): void {
    this.write({ level: "debug", names: this.names, message, fields });
  }

  info(message: string, fields = NO_FIELDS): void {
    this.write({ level: "info", names: this.names, message, fields });
  }

  warn(message: string, fields = NO_FIELDS): void {
    this.write({ level: "warn", names: this.names, message, fields });
  }

  error(message: string, fields = NO_FIELDS): void {
    this.write({ level: "error", names: this.names, message, fields });
  }

  repeated(message: string, fields = NO_FIELDS): void {
    const kind = this.#kindOf("warn", message);
    const line = kind.names === this.names ? { ...kind, fields } : kind;
    this.#collapse(kind, () => line, 1);
  }

  often(kind: string, line: () => OftenLine): void {
    this.#collapse(this.#kindOf("info", kind), () => this.#draftOf(line()), MAX_OFTEN);
  }

  #draftOf({ text: message, fields = NO_FIELDS }: OftenLine): Draft {
    return { level: "info", names: this.names, message, fields };
  }

  /** Writes the first `most` lines of a kind at once, and at the end of the period how many more there were. */
  #collapse(kind: Draft, line: () => Draft, most: number): void {
    const key = keyOf(kind);
    const seen = this.counts.get(key) ?? 0;
    this.counts.set(key, seen + 1);
    if (seen < most) this.write(line());
    if (seen === 0) setTimeout(() => this.#report(kind, most), REPEAT_PERIOD_MS).unref();
  }

  #kindOf(level: Level, message: string): Draft {
    const own: Draft = { level, names: this.names, message, fields: NO_FIELDS };
    const isOwnKind = this.counts.size < MAX_REPEATED || this.counts.has(keyOf(own));
    return isOwnKind ? own : { ...own, names: [], message: TOO_MANY };
  }

  #report(kind: Draft, most: number): void {
    const key = keyOf(kind);
    const again = (this.counts.get(key) ?? 0) - most;
    this.counts.delete(key);
    const message = `${kind.message} (${again} more in ${REPEAT_PERIOD_MS / 1000} s)`;
    if (again > 0) this.write({ ...kind, message });
  }

  of(name: string): Log {
    return new LineLog(this.write, [...this.names, name], this.counts, this.tail);
  }
}

function keyOf({ names, message }: Draft): string {
  return [...names, message].join(": ");
}

/** A log whose lines go to `write`, which tests replace. `takes`: whether lines of a level are wanted now. */
export function createLog(write: Write, takes: (level: Level) => boolean = () => true): Log {
  const tail = new LogTail();
  const put = (draft: Draft) => {
    const entry: LogEntry = { ...draft, time: new Date().toISOString() };
    const text = logText(entry);
    tail.keep({ time: entry.time, level: entry.level, text });
    write(entry.level, text, entry);
  };
  const budget = new LogBudget((lines) => {
    const message = `${lines} more lines in ${BUDGET_PERIOD_MS / 1000} s were not written`;
    put({ level: "warn", names: [], message, fields: NO_FIELDS });
  });
  const keep = (draft: Draft) => {
    if (takes(draft.level) && budget.take(draft.level)) put(draft);
  };
  return new LineLog(keep, [], new Map(), tail);
}

/** How the running station logs. */
export interface LogSettings {
  readonly format: LogFormat;
  /** Lines of lower levels are left out. */
  readonly level: Level;
}

interface Lines {
  /** A line without its line break. */
  write(line: string): void;
}

/** The running station's log: timestamped lines, written by `output`. `settings` are those in force. */
export function stationLog(settings: () => LogSettings, output: Lines): Log {
  const takes = (level: Level) => LEVELS.indexOf(level) >= LEVELS.indexOf(settings().level);
  return createLog((_level, _text, entry) => {
    output.write(logLine(entry, settings().format));
  }, takes);
}
