// The running station's log, as its configuration says at each moment: its form, its level, and the file it goes to.
import type { Config } from "../config/config.ts";
import { LineFile } from "../lib/line-file.ts";
import { type Log, type LogSettings, stationLog } from "../lib/log.ts";
import { LogOutput } from "../lib/log-output.ts";
import type { Print } from "../lib/outlet.ts";
import { within } from "../lib/within.ts";
import type { Station } from "./station.ts";

/** A crash may lose this much of the log file. */
const PERIOD_MS = 200;

/** A disk that hangs must not keep the station from ending. */
const LAST_LINES_MS = 1000;

export class StationLog {
  readonly log: Log;
  readonly #output: LogOutput;
  /** Standard error alone: the file's own troubles are logged there. */
  readonly #aside: Log;
  #config: Config;
  #path = "";

  constructor(config: Config, print: Print) {
    this.#config = config;
    this.#output = new LogOutput(print, (lines) =>
      this.log.warn(`${lines} log lines were lost: the output was blocked`),
    );
    const settings = () => settingsOf(this.#config);
    this.log = stationLog(settings, this.#output);
    this.#aside = stationLog(settings, new LogOutput(print));
  }

  /** Writes to the file that is configured, now and after each reload. */
  follow(station: Station): void {
    this.#apply(station);
    station.events.on("config", () => this.#apply(station));
  }

  /** After the file was moved away: the next lines go to a new one. */
  reopen(): Promise<void> {
    return this.#output.reopen();
  }

  /** Later lines go to standard error. */
  async close(): Promise<void> {
    await within(LAST_LINES_MS, this.#output.use(null));
  }

  #apply(station: Station): void {
    this.#config = station.config;
    const { file: path } = this.#config.log;
    if (path === this.#path) return;
    this.#path = path;
    void this.#output.use(path === "" ? null : this.#fileAt(path, station));
  }

  #fileAt(path: string, station: Station): LineFile {
    const options = { key: "log.file", periodMs: PERIOD_MS };
    return new LineFile(path, this.#aside, station.records.appender(path), options);
  }
}

function settingsOf({ log, advanced }: Config): LogSettings {
  const { format, level } = log;
  return { format, level: advanced.verboseLogging ? "debug" : level };
}
