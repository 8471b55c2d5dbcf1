// All routes of the desk: its page, signing in, what it asks, its events and its commands.
import { Elysia } from "elysia";
import { deskApi } from "./api.ts";
import { deskCommands } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { deskEvents } from "./events.ts";
import { deskPage } from "./page.ts";
import { sessionRoutes } from "./session.ts";

export function deskRoutes(desk: Desk) {
  return new Elysia({ name: "desk" })
    .use(deskPage())
    .use(sessionRoutes(desk))
    .use(deskApi(desk))
    .use(deskEvents(desk))
    .use(deskCommands(desk));
}
