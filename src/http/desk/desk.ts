// The operator's desk: its sessions, and the desks that are open.
import { ConfigWatch } from "../../station/config-watch.ts";
import { within } from "../../lib/within.ts";
import { Reloader } from "../../station/reload.ts";
import type { Station } from "../../station/station.ts";
import { Gate } from "./auth.ts";
import { DeskFeed } from "./desk-feed.ts";
import { SessionFile } from "./session-file.ts";
import { Sessions } from "./sessions.ts";

/** The listen port waits this long for the sessions of an earlier run; a share may take longer. */
const SESSIONS_MS = 500;

export class Desk {
  readonly sessions: Sessions;
  readonly gate: Gate;
  readonly feed: DeskFeed;
  readonly #file: SessionFile | null;

  constructor(
    readonly station: Station,
    readonly reloader = new Reloader(station, () => Promise.resolve(station.config)),
  ) {
    this.sessions = new Sessions((user) => station.admission.accounts.operator(user));
    this.#file = fileOf(station);
    this.gate = new Gate(station, this.sessions);
    this.feed = new DeskFeed(station, new ConfigWatch(reloader, () => station.config));
  }

  /** Goes on with the sessions of an earlier run. Never rejects. */
  async prepare(): Promise<void> {
    await within(SESSIONS_MS, this.#file?.follow(this.sessions) ?? Promise.resolve());
  }

  /** When all sessions are kept, or cannot be. */
  async settled(): Promise<void> {
    await this.#file?.settled();
  }

  close(): void {
    this.feed.close();
    // When they were used last.
    this.sessions.onChange();
  }
}

/** null: sessions do not outlast a restart. */
function fileOf({ records: { stateDisk }, config, log }: Station): SessionFile | null {
  const { stateDirectory } = config.server;
  return stateDisk === null ? null : new SessionFile(stateDirectory, stateDisk, log);
}
