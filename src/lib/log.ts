// One line per state change on standard error; repeated trouble is counted and told once per period.

export type Level = "debug" | "info" | "warn" | "error";

export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Tells the first at once; those that follow within the period are counted and told as one line. */
  repeated(text: string): void;
  /** The same log with every line naming this mount or part. */
  of(name: string): Log;
}

export const REPEAT_PERIOD_MS = 10_000;
const MAX_REPEATED = 256;

type Write = (level: Level, text: string) => void;

class LineLog implements Log {
  constructor(
    private readonly write: Write,
    private readonly prefix: string,
    private readonly counts: Map<string, number>,
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
    const line = this.prefix + text;
    const seen = this.counts.get(line);
    if (seen !== undefined) {
      this.counts.set(line, seen + 1);
    } else if (this.counts.size < MAX_REPEATED) {
      this.write("warn", line);
      this.counts.set(line, 0);
      setTimeout(() => this.tell(line), REPEAT_PERIOD_MS).unref();
    }
  }

  private tell(line: string): void {
    const again = this.counts.get(line) ?? 0;
    this.counts.delete(line);
    if (again > 0) this.write("warn", `${line} (${again} more in ${REPEAT_PERIOD_MS / 1000} s)`);
  }

  of(name: string): Log {
    return new LineLog(this.write, `${name}: `, this.counts);
  }
}

/** A log whose lines go to `write`; a test hands in its own. */
export function createLog(write: Write): Log {
  return new LineLog(write, "", new Map());
}

/** The running station's log: a timestamped line each; debug lines only when verbose. */
export function consoleLog(verbose: boolean): Log {
  return createLog((level, text) => {
    if (level === "debug" && !verbose) return;
    const time = new Date().toISOString();
    process.stderr.write(`${time} ${level.padEnd(5)} ${printable(text)}\n`);
  });
}

/** What a stranger sent must not move the cursor or forge a line. */
function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, "?");
}
