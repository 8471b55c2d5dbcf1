// The listen port: every route of the station, one Elysia instance a file.
import { Elysia } from "elysia";
import { tuneListeningSocket } from "../native/listen.ts";
import type { Station } from "../station.ts";
import { api } from "./api.ts";
import { docs } from "./docs.ts";
import { events } from "./events.ts";
import { healthRoute } from "./health.ts";
import { mountRoute } from "./mount.ts";
import { page } from "./page.ts";

/** A connection that asks nothing for so long is closed; streams are exempt. */
const IDLE_SECONDS = 30;

/** Requests have no body worth a megabyte here. */
const MAX_BODY_BYTES = 1 << 20;

export async function createApp(station: Station) {
  const app = new Elysia({ name: "cycast" })
    .onError(({ code, error, status }) => {
      if (code === "NOT_FOUND")
        return status(404, "There is nothing here. The station's page is at /\n");
      if (code === "VALIDATION" || code === "PARSE") return;
      station.log.error(
        `a request failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      return status(500, failureText(error, station.config.advanced.debug));
    })
    .onAfterHandle(({ set }) => {
      set.headers.server = `Cycast/${station.facts().version}`;
    })
    .use(api(station))
    .use(events(station))
    .use(healthRoute(station))
    .use(docs())
    .use(await page());
  for (const audience of station.audiences) app.use(mountRoute(audience));
  return app;
}

/** Only a station in debug mode shows strangers what went wrong inside. */
function failureText(error: unknown, isDebug: boolean): string {
  const detail = isDebug && error instanceof Error ? `${error.stack}\n` : "";
  return `Something went wrong on our side; it is in the log.\n${detail}`;
}

export interface HttpServer {
  readonly port: number;
  /** Accepts no more, lets what runs end, and cuts what has not ended after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Throws the system's error when the port cannot be had. */
export async function listen(station: Station): Promise<HttpServer> {
  const app = await createApp(station);
  const { host, listenPort } = station.config.server;
  app.listen({
    hostname: host,
    port: listenPort,
    // Elysia's default would let a second station share the port in silence.
    reusePort: false,
    idleTimeout: IDLE_SECONDS,
    maxRequestBodySize: MAX_BODY_BYTES,
    development: false,
  });
  const server = app.server;
  if (server === null) throw new Error("Elysia has no server");
  tuneListeningSocket(server.port ?? 0);
  return { port: server.port ?? 0, stop: (graceMs) => stop(app, server, graceMs) };
}

type Server = NonNullable<Elysia["server"]>;

async function stop(app: { stop(): unknown }, server: Server, graceMs: number): Promise<void> {
  const ended = server.stop(false);
  const cut = setTimeout(() => void server.stop(true), graceMs);
  await app.stop();
  await ended;
  clearTimeout(cut);
}
