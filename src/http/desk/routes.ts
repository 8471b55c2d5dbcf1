// All routes of the desk: its page, sessions, queries, events and commands.
import { Elysia } from "elysia";
import { audienceRoutes } from "./audience-routes.ts";
import { banRoutes } from "./ban-routes.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import { deskApi } from "./desk-api.ts";
import { deskCommands } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { deskEvents } from "./desk-events.ts";
import { deskPage } from "./desk-page.ts";
import { exportRoutes } from "./export-routes.ts";
import { listenerRoutes } from "./listener-routes.ts";
import { libraryRoutes } from "./library-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { recordingRoutes } from "./recording-routes.ts";
import { reloadRoutes } from "./reload-routes.ts";
import { sessionRoutes } from "./sign-in.ts";

export function deskRoutes(desk: Desk) {
  return new Elysia({ name: "desk" })
    .use(deskPage())
    .use(sessionRoutes(desk))
    .use(deskApi(desk))
    .use(listenerRoutes(desk))
    .use(logRoutes(desk))
    .use(libraryRoutes(desk))
    .use(audienceRoutes(desk))
    .use(exportRoutes(desk))
    .use(deskEvents(desk))
    .use(deskCommands(desk))
    .use(banRoutes(desk))
    .use(clusterRoutes(desk))
    .use(recordingRoutes(desk))
    .use(reloadRoutes(desk));
}
