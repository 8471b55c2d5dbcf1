// The mounts as AzuraCast's API lists stations, and its clock, for programs that ask for them before what plays.
import { Elysia, t } from "elysia";
import type { Station } from "../../station/station.ts";
import { json, operation } from "../operation.ts";
import { baseUrl } from "../remote.ts";
import { failure, noSuchMount } from "../failure.ts";
import type { NowPlayingPages } from "./now-playing-pages.ts";
import { WHICH } from "./now-playing-routes.ts";
import { station as schema } from "./now-playing-schema.ts";

const HEADERS = { "cache-control": "no-cache", "access-control-allow-origin": "*" };

const ALL = operation({
  tag: "api",
  id: "getStations",
  summary: "All mounts, as AzuraCast lists its stations",
  answers: { 200: json("One entry a mount", t.Array(schema)) },
});

const ONE = operation({
  tag: "api",
  id: "getStation",
  summary: "One mount, as AzuraCast describes a station",
  parameters: [WHICH],
  answers: {
    200: json("The mount", schema),
    404: json("There is no such mount", failure),
  },
});

const time = t.Object({
  timestamp: t.Integer({ description: "Unix seconds" }),
  utc_datetime: t.String({ description: "2026-07-27 20:27:06" }),
  utc_date: t.String({ description: "July 27, 2026" }),
  utc_time: t.String({ description: "8:27pm" }),
  utc_json: t.String({ description: "ISO 8601" }),
});

const TIME = operation({
  tag: "api",
  id: "getTime",
  summary: "The server's clock, in AzuraCast's form",
  answers: { 200: json("The time", time) },
});

const DATE = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });
const CLOCK = new Intl.DateTimeFormat("en", { timeStyle: "short", timeZone: "UTC" });

function timeAt(nowMs: number): typeof time.static {
  const at = new Date(nowMs);
  const iso = at.toISOString();
  return {
    timestamp: Math.floor(nowMs / 1000),
    utc_datetime: iso.slice(0, 19).replace("T", " "),
    utc_date: DATE.format(at),
    utc_time: CLOCK.format(at).replace(/\s/g, "").toLowerCase(),
    utc_json: `${iso.slice(0, 19)}Z`,
  };
}

export function stationRoutes(station: Station, pages: NowPlayingPages) {
  type Context = { request: Request; server: Elysia["server"] };
  const base = ({ request, server }: Context) => baseUrl(request, server, station.config.server);
  return new Elysia({ name: "stations" })
    .get(
      "/api/stations",
      (context) => {
        const all = pages.all.map((mount) => pages.stationOf(mount, base(context)));
        return Response.json(all, { headers: HEADERS });
      },
      ALL,
    )
    .get(
      "/api/station/:mount",
      (context) => {
        const mount = pages.find(context.params.mount);
        if (mount === undefined) return noSuchMount();
        return Response.json(pages.stationOf(mount, base(context)), { headers: HEADERS });
      },
      ONE,
    )
    .get(
      "/api/time",
      () => Response.json(timeAt(station.wall.nowMs()), { headers: HEADERS }),
      TIME,
    );
}
