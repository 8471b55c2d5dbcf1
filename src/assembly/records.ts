// What the station writes down of itself: its journal, and those that read it: the access log and the history.
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { daysOf } from "../config/history-keys.ts";
import { appendBy, type Disk } from "../disk/disk.ts";
import type { Disks } from "../disk/disks.ts";
import { HistoryStore } from "../history/history-store.ts";
import { startHistoryThread } from "../history/history-thread.ts";
import { AccessLog } from "../journal/access-log.ts";
import { Journal } from "../journal/journal.ts";
import type { Clock } from "../lib/clock.ts";
import { type Append, LineFile } from "../lib/line-file.ts";
import type { Log } from "../lib/log.ts";
import type { SessionIds } from "../output/sessions/session-ids.ts";
import { restoreKey } from "../output/sessions/session-key.ts";

interface Parts {
  /** The configuration in force. */
  readonly config: () => Config;
  readonly disks: Disks;
  readonly log: Log;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
}

/** Where the history is kept; "" if nothing is to outlast a restart. */
function historyDirectory({ history, server }: Config): string {
  const state = server.stateDirectory === "" ? "" : join(server.stateDirectory, "history");
  return history.directory || state;
}

export class Records {
  readonly journal: Journal;
  readonly access: AccessLog;
  /** null if nothing is to outlast a restart. */
  readonly history: HistoryStore | null;
  #accessPath: string;

  constructor(private readonly parts: Parts) {
    const { config, log, clock, wall } = parts;
    this.journal = new Journal((error) => log.repeated(`a reader failed: ${String(error)}`));
    this.#accessPath = config().advanced.accessLog;
    this.access = new AccessLog(this.#accessFile(), log, clock, wall);
    this.history = this.#history();
    this.journal.read((event) => {
      if (event.type === "left" && !event.isMoved) this.access.listenerLeft(event);
    });
    this.history?.follow(this.journal);
  }

  /** Appends lines to a file, on a thread of its disk. */
  appender(path: string): Append {
    const { disks, log } = this.parts;
    return appendBy(disks.at(path, path, log));
  }

  /** The folder for what outlasts a restart, and its disk; null without one. */
  get state(): { readonly folder: string; readonly disk: Disk } | null {
    const disk = this.stateDisk;
    return disk === null ? null : { folder: this.parts.config().server.stateDirectory, disk };
  }

  /** The disk of the folder for what outlasts a restart; null without one. */
  get stateDisk(): Disk | null {
    const { config, disks, log } = this.parts;
    const { stateDirectory } = config().server;
    if (stateDirectory === "") return null;
    return disks.apart(stateDirectory, `the state directory ${stateDirectory}`, log);
  }

  /** Keeps the key of HLS sessions over restarts, if anything is to outlast one. Never rejects. */
  async keepKey(ids: SessionIds): Promise<void> {
    const { stateDisk } = this;
    const { config, log } = this.parts;
    if (stateDisk !== null) await restoreKey(ids, config().server.stateDirectory, stateDisk, log);
  }

  /** Another configuration is in force. */
  reconfigure({ advanced }: Config): void {
    if (advanced.accessLog === this.#accessPath) return;
    this.#accessPath = advanced.accessLog;
    void this.access.use(this.#accessFile());
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    await Promise.all([this.access.close(), this.history?.close()]);
  }

  #accessFile(): LineFile | null {
    const path = this.#accessPath;
    return path === "" ? null : new LineFile(path, this.parts.log, this.appender(path));
  }

  #history(): HistoryStore | null {
    const { config, disks, log, wall } = this.parts;
    const directory = historyDirectory(config());
    if (directory === "") return null;
    const disk = disks.apart(
      directory,
      `the history directory ${directory}`,
      log,
      startHistoryThread,
    );
    const settings = () => {
      const { keep, geoip } = config().history;
      return { keepDays: daysOf(keep) ?? 90, geoip };
    };
    return new HistoryStore({ directory, disk, log, wall, settings });
  }
}
