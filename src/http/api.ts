// The JSON API: each route with its schema, which is also its documentation.
import { Elysia, t } from "elysia";
import type { Station } from "../station.ts";
import { renderStats, renderStatus } from "../stats/status.ts";

/** Listeners named in one answer unless the caller asks for more. */
const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 10_000;

const metadata = t.Object({ title: t.String(), artist: t.String() });

const format = t.Object({
  codec: t.String(),
  sample_rate: t.Number({ description: "Hz" }),
  channels: t.Number(),
  bitrate: t.Number({ description: "kbit/s, averaged" }),
});

const mountStatus = {
  mount: t.String(),
  station_name: t.String(),
  station_description: t.String(),
  station_genre: t.String(),
  station_url: t.String(),
  source_connected: t.Boolean({ description: "A source client is logged in" }),
  source_status: t.String({ description: "What is on air: live, playlist or silence" }),
  metadata,
  format: t.Nullable(format),
  listeners: t.Number(),
  listener_peak: t.Number(),
  playlist_tracks: t.Number(),
};

const status = t.Object({
  ...mountStatus,
  uptime_seconds: t.Number(),
  uptime_formatted: t.String(),
  mounts: t.Array(t.Object(mountStatus)),
  warnings: t.Array(t.String(), { description: "What the keeper of the station should change" }),
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
      active: t.Boolean({ description: "It takes what it is sent" }),
    }),
  ),
  buffer,
  mounts: t.Array(
    t.Object({
      mount: t.String(),
      listeners: t.Number(),
      listener_peak: t.Number(),
      slow_listeners: t.Number({ description: "Dropped or skipped ahead: they did not read" }),
      buffer,
    }),
  ),
  sources: t.Record(t.String(), t.Number(), {
    description: "Source clients accepted, and refused by reason",
  }),
  failed_logins: t.Number({ description: "Admin requests with a wrong user name or password" }),
  uptime_seconds: t.Number(),
});

const failure = t.Object({ error: t.String() });

export function api(station: Station) {
  return new Elysia({ name: "api" })
    .onAfterHandle(({ set }) => {
      set.headers["access-control-allow-origin"] = "*";
    })
    .get("/api/status", () => renderStatus(station.facts()), {
      response: { 200: status },
      detail: { summary: "What is on air, and who listens", tags: ["api"] },
    })
    .get(
      "/api/stats",
      ({ query, status: answer }) => {
        if (!station.config.advanced.enableStats) {
          return answer(403, { error: "Statistics are disabled (advanced.enable_stats)" });
        }
        return renderStats(station.facts(), station.traffic(query.limit ?? DEFAULT_LIMIT));
      },
      {
        query: t.Object({
          limit: t.Optional(
            t.Integer({ minimum: 0, maximum: MAX_LIMIT, description: "Listeners listed" }),
          ),
        }),
        response: { 200: stats, 403: failure, 422: failure },
        detail: { summary: "Listeners, bytes and buffers", tags: ["api"] },
      },
    );
}
