// The operator's desk: its sessions, and the desks that are open.
import { ConfigWatch } from "../../config-watch.ts";
import { Reloader } from "../../reload.ts";
import type { Station } from "../../station.ts";
import { Gate } from "./auth.ts";
import { DeskFeed } from "./desk-feed.ts";
import { Sessions } from "./sessions.ts";

export class Desk {
  readonly sessions = new Sessions();
  readonly gate: Gate;
  readonly feed: DeskFeed;

  constructor(
    readonly station: Station,
    readonly reloader = new Reloader(station, () => Promise.resolve(station.config)),
  ) {
    this.gate = new Gate(station, this.sessions);
    this.feed = new DeskFeed(station, new ConfigWatch(reloader, () => station.config));
  }

  close(): void {
    this.feed.close();
  }
}
