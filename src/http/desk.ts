// The operator's desk: what it remembers between calls, and all of its routes.
import { Elysia } from "elysia";
import type { Station } from "../station.ts";
import { deskApi } from "./desk-api.ts";
import { Attempts } from "./desk-attempts.ts";
import { Gate } from "./desk-auth.ts";
import { deskCommands } from "./desk-commands.ts";
import { deskEvents } from "./desk-events.ts";
import { DeskFeed } from "./desk-feed.ts";
import { deskPage } from "./desk-page.ts";
import { sessionRoutes } from "./desk-session.ts";
import { Sessions } from "./desk-sessions.ts";
import { SAMPLE_MS, Watch } from "./desk-watch.ts";

export class Desk {
  readonly sessions = new Sessions();
  readonly gate: Gate;
  readonly watch: Watch;
  readonly feed: DeskFeed;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(readonly station: Station) {
    this.gate = new Gate(station, this.sessions, new Attempts());
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

export async function deskRoutes(desk: Desk) {
  return new Elysia({ name: "desk" })
    .use(await deskPage())
    .use(sessionRoutes(desk))
    .use(deskApi(desk))
    .use(deskEvents(desk))
    .use(deskCommands(desk));
}
