// The operator's desk: what it remembers between calls.
import { Reloader } from "../../reload.ts";
import type { Station } from "../../station.ts";
import { Gate } from "./auth.ts";
import { DeskFeed } from "./feed.ts";
import { Sessions } from "./sessions.ts";
import { SAMPLE_MS, Watch } from "./watch.ts";

export class Desk {
  readonly sessions = new Sessions();
  readonly gate: Gate;
  readonly watch: Watch;
  readonly feed: DeskFeed;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly station: Station,
    readonly reloader = new Reloader(station, () => Promise.resolve(station.config)),
  ) {
    this.gate = new Gate(station, this.sessions);
    this.watch = new Watch(station);
    this.feed = new DeskFeed(station, this.watch);
  }

  /** Watches the station until close(). */
  start(): void {
    this.watch.sample();
    this.#timer = setInterval(() => this.watch.sample(), SAMPLE_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.feed.close();
  }
}
