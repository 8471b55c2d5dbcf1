// The listen port: every route of the station, one Elysia instance a file.
import { Elysia } from "elysia";
import { listenOn } from "../lib/listen-error.ts";
import { within } from "../lib/within.ts";
import type { Reloader } from "../station/reload.ts";
import type { Station } from "../station/station.ts";
import { api } from "./api/api.ts";
import { stationRoutes } from "./api/station-routes.ts";
import { artworkRoute } from "./api/artwork.ts";
import { clusterRoute } from "./api/node-route.ts";
import { historyRoutes } from "./api/history-routes.ts";
import { metricsRoute } from "./api/metrics.ts";
import { recordedRoutes } from "./api/recorded-routes.ts";
import { NowPlayingFeed } from "./api/now-playing-feed.ts";
import { NowPlayingPages } from "./api/now-playing-pages.ts";
import { nowPlayingRoutes } from "./api/now-playing-routes.ts";
import { eventsRoute, StatusFeed } from "./api/status-feed.ts";
import { Desk } from "./desk/desk.ts";
import { deskRoutes } from "./desk/routes.ts";
import { docs } from "./swagger.ts";
import { answerErrors, Methods } from "./errors.ts";
import { everyAnswer } from "./every-answer.ts";
import { carrying, Exchange } from "./exchange.ts";
import { coded } from "./failure.ts";
import { hlsLibrary } from "./hls/hls-library.ts";
import { HlsRoutes } from "./hls/hls-route.ts";
import { SessionGate } from "./hls/session-gate.ts";
import { healthRoute } from "./health.ts";
import { IdleClients } from "./idle-clients.ts";
import { adminRoutes } from "./icecast/admin.ts";
import { metadataRoutes } from "./icecast/metadata-routes.ts";
import { shoutcastAdmin } from "./icecast/shoutcast-admin.ts";
import { shoutcastStats } from "./icecast/shoutcast-stats.ts";
import { icecastStatus } from "./icecast/status-routes.ts";
import { brandRoutes } from "./page/brand-routes.ts";
import { oembedRoutes } from "./page/oembed-routes.ts";
import { stationPage } from "./page/page-routes.ts";
import { preflight } from "./preflight.ts";
import { publicFiles } from "./public-files.ts";
import { withHook } from "./serve.ts";
import { mountAnswer } from "./stream/stream-route.ts";
import { tuneInRoutes } from "./stream/tune-in-routes.ts";
import { answerUnparsed } from "./unparsed.ts";

/** A connection without a request for this long is closed; streams are exempt. */
const IDLE_SECONDS = 30;

/** While the server stops, connections without a request are looked for this often. */
const IDLE_LOOK_MS = 10;

/** No request needs a larger body. */
const MAX_BODY_BYTES = 1 << 20;

/** A disk that hangs must not keep the station from ending. */
const SESSIONS_MS = 1000;

type BunServer = NonNullable<Elysia["server"]>;

/** Every route of the station; without a port, for tests, by `app.handle`. */
export async function createApp(
  station: Station,
  feed = new StatusFeed(station),
  desk = new Desk(station),
  nowPlaying = nowPlayingOf(station),
) {
  // A host's name may be shorter than where Elysia looks for the path.
  const root = new Elysia({ name: "cycast", handler: { standardHostname: false } });
  let methods: Methods | null = null;
  const app = root
    .wrap(everyAnswer(station, new HlsRoutes(station, new SessionGate(station)), () => root.server))
    .onError(
      answerErrors(
        station,
        () => (methods ??= new Methods(root.routes)),
        (request, server) => mountAnswer(request, server, station),
      ),
    )
    .onAfterHandle(({ responseValue }) => coded(responseValue))
    .use(api(station))
    .use(eventsRoute(feed))
    .use(historyRoutes(station))
    .use(recordedRoutes(station))
    .use(nowPlayingRoutes(station, nowPlaying))
    .use(stationRoutes(station, nowPlaying.pages))
    .use(artworkRoute(station))
    .use(healthRoute(station))
    .use(metricsRoute(station))
    .use(clusterRoute(station))
    .use(icecastStatus(station))
    .use(shoutcastStats(station))
    .use(tuneInRoutes(station))
    .use(metadataRoutes(station))
    .use(shoutcastAdmin(station))
    .use(adminRoutes(station))
    .use(deskRoutes(desk))
    .use(preflight())
    .use(docs(station))
    .use(hlsLibrary())
    .use(stationPage(station))
    .use(brandRoutes(station))
    .use(oembedRoutes(station))
    .use(await publicFiles());
  return app;
}

function nowPlayingOf(station: Station): NowPlayingFeed {
  return new NowPlayingFeed(station, new NowPlayingPages(station));
}

export interface HttpServer {
  readonly port: number;
  /** Accepts no more requests, lets the running ones end, and aborts the rest after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Throws ListenError if the port cannot be opened. */
export async function listen(station: Station, reloader?: Reloader): Promise<HttpServer> {
  const feed = new StatusFeed(station);
  const desk = new Desk(station, reloader);
  const nowPlaying = nowPlayingOf(station);
  const making = createApp(station, feed, desk, nowPlaying);
  const [app] = await Promise.all([making, desk.prepare()]);
  const { host, listenPort } = station.config.server;
  const onUnparsed = answerUnparsed(station, () => app.server?.port ?? 0);
  const listenToAll = () =>
    app.listen({
      hostname: host,
      port: listenPort,
      // Elysia's default would let a second station silently share the port.
      reusePort: false,
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: MAX_BODY_BYTES,
      development: false,
    });
  const isHooked = listenOn("server.listen_port", host, listenPort, () =>
    withHook(onUnparsed, listenToAll),
  );
  const { server } = app;
  if (server === null) throw new Error("Elysia has no server");
  const port = server.port ?? 0;
  station.ports.tune(port);
  if (port === station.sourcePort + 1) sharePort(port, isHooked, station);
  station.router.app = (request, { record, isSecure }) =>
    app.handle(carrying(request, new Exchange(record, "source", isSecure)));
  const { descriptors, log, proxies, rounds } = station;
  const perAddress = () => station.config.limits.connectionsPerAddress;
  const idle = new IdleClients(port, descriptors, log, proxies, rounds, perAddress);
  for (const held of [idle, feed, nowPlaying])
    station.events.on("banned", (isBanned) => held.hangUpOn(isBanned));
  const end = async (graceMs: number) => {
    await stop(server, [idle, feed, nowPlaying, desk], graceMs);
    await within(SESSIONS_MS, desk.settled());
  };
  return { port, stop: end };
}

/** SHOUTcast encoders log in at the port after the source port, which is this one. */
function sharePort(port: number, isHooked: boolean, { ingest, log }: Station): void {
  if (isHooked) ingest.sharedPort = port;
  else
    log.info(
      `SHOUTcast encoders: use port ${ingest.port} (port ${port} is taken by server.listen_port)`,
    );
}

async function stop(
  server: BunServer,
  feeds: readonly { close(): void }[],
  graceMs: number,
): Promise<void> {
  const cut = setTimeout(() => void server.stop(true), graceMs);
  for (const feed of feeds) feed.close();
  // Connections that clients keep for a next request would hold up the end, and with it the next start.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
  await server.stop(false);
  clearInterval(idle);
  clearTimeout(cut);
}
