// The JSON API: each route with its schema, which is also its documentation.
import { Elysia, t } from "elysia";
import { isLocal } from "../../access/local.ts";
import type { Station } from "../../station.ts";
import { renderStats, renderStatus } from "../../stats/status.ts";
import { callerOf } from "../exchange.ts";
import { json, operation, query } from "../operation.ts";
import {
  album,
  artworkUrl,
  dj,
  duration,
  elapsed,
  next,
  rewind,
  startedAt,
  timeline,
} from "./timeline-schema.ts";

/** Listeners named in one answer: anybody may ask, and each costs a look at it. */
const LIMIT = { minimum: 0, maximum: 200, default: 100 };

const PAGE = { minimum: 1, maximum: 1_000_000, default: 1 };

const metadata = t.Object({ title: t.String(), artist: t.String() });

const format = t.Object({
  codec: t.String(),
  sample_rate: t.Number({ description: "Hz" }),
  channels: t.Number(),
  bitrate: t.Number({ description: "kbit/s, averaged" }),
});

const sourceWaiting = t.Object({
  dj: t.String({ description: "The name the source gives its show or DJ, or empty" }),
  held: t.Union([t.String(), t.Null()], {
    description: "Why it may not be heard, such as no audio or flapping; null: it may",
  }),
});

const mountStatus = {
  mount: t.String(),
  station_name: t.String(),
  station_description: t.String(),
  station_genre: t.String(),
  station_url: t.String(),
  source_connected: t.Boolean({ description: "A source client is logged in" }),
  source_status: t.String({ description: "What is on air: live, playlist or silence" }),
  sources_waiting: t.Array(sourceWaiting, {
    description:
      "Sources that are connected beside the one on air, in the order in which they follow",
  }),
  metadata,
  album,
  dj,
  artwork_url: artworkUrl,
  duration_seconds: duration,
  elapsed_seconds: elapsed,
  started_at: startedAt,
  next,
  format: t.Union([format, t.Null()]),
  listeners: t.Number(),
  listener_peak: t.Number(),
  playlist_tracks: t.Number(),
  rewind_seconds: rewind,
};

const status = t.Object({
  ...mountStatus,
  uptime_seconds: t.Number(),
  uptime_formatted: t.String(),
  mounts: t.Array(t.Object({ ...mountStatus, timeline })),
  warnings: t.Array(t.String(), {
    description: "Settings that the admin should change; empty for clients on other machines",
  }),
  version: t.String(),
});

const buffer = t.Object({
  available: t.Number({ description: "Bytes held" }),
  space: t.Number({ description: "Bytes until the oldest is overwritten" }),
  fill_percentage: t.Number(),
});

const stats = t.Object({
  total_listeners: t.Number(),
  total_bytes_sent: t.Number(),
  listeners: t.Array(
    t.Object({
      id: t.String({ description: "Opaque" }),
      mount: t.String(),
      bytes_sent: t.Number(),
      connected_seconds: t.Number(),
      lag_seconds: t.Number({ description: "Audio it has not been sent yet" }),
      active: t.Boolean({ description: "It is reading what it is sent" }),
    }),
  ),
  buffer,
  mounts: t.Array(
    t.Object({
      mount: t.String(),
      listeners: t.Number(),
      listener_peak: t.Number(),
      garbage_bytes: t.Number({ description: "Bytes from sources that were not audio" }),
      slow_listeners: t.Number({
        description: "Dropped or skipped ahead because they did not read",
      }),
      buffer,
    }),
  ),
  sources: t.Record(t.String(), t.Number(), {
    description: "Source clients accepted, and refused by reason",
  }),
  failed_logins: t.Number({ description: "Admin requests with a wrong user name or password" }),
  late_ms: t.Object(
    { p99: t.Number(), max: t.Number() },
    { description: "Event-loop lag in the last 10 to 20 s" },
  ),
  uptime_seconds: t.Number(),
});

const failure = t.Object({ error: t.String() });

const STATS = operation({
  tag: "api",
  summary: "Listeners, bytes and buffers",
  description:
    "One page of the listeners, none beyond the last; everything else is of all of them.",
  parameters: [
    query("limit", "Listeners on a page", "10", { schema: { type: "integer" as const, ...LIMIT } }),
    query("page", "Which page of them", "1", { schema: { type: "integer" as const, ...PAGE } }),
  ],
  answers: {
    200: json("The statistics", stats),
    403: json("Disabled by advanced.enable_stats", failure),
    422: json("The limit or the page is no number, or out of bounds", failure),
  },
});

export function api(station: Station) {
  return new Elysia({ name: "api" })
    .onAfterHandle(({ set }) => {
      set.headers["access-control-allow-origin"] = "*";
    })
    .get(
      "/api/status",
      ({ request }) => renderStatus(station.facts(), isLocal(callerOf(request))),
      {
        response: { 200: status },
        ...operation({
          tag: "api",
          summary: "What is on air, and the number of listeners",
          description:
            "The first mount's fields are at the top level; `mounts` has those of every mount.",
          answers: { 200: json("The status", status) },
        }),
      },
    )
    .get(
      "/api/stats",
      ({ query: { limit, page }, status: answer }) => {
        if (!station.config.advanced.enableStats) {
          return answer(403, { error: "Statistics are disabled (advanced.enable_stats)" });
        }
        return renderStats(station.facts(), limit, page);
      },
      {
        query: t.Object({ limit: t.Integer(LIMIT), page: t.Integer(PAGE) }),
        response: { 200: stats, 403: failure, 422: failure },
        ...STATS,
      },
    );
}
