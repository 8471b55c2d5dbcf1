// The schemas of the JSON API's answers.
import { t } from "elysia";
import { CODECS } from "../../format/frame.ts";
import { choice } from "../choice.ts";
import {
  album,
  artworkUrl,
  dj,
  duration,
  elapsed,
  next,
  rewind,
  sourceStatus,
  startedAt,
  timeline,
  trackFields,
} from "./timeline-schema.ts";

const metadata = t.Object({ title: t.String(), artist: t.String() });

const format = t.Object(
  {
    codec: choice(CODECS),
    sample_rate: t.Number({ description: "Hz" }),
    channels: t.Number(),
    bitrate: t.Number({ description: "kbit/s, averaged" }),
  },
  { title: "Format" },
);

const sourceWaiting = t.Object(
  {
    dj: t.String({ description: "The name the source gives its show or DJ, or empty" }),
    held: t.Union([t.String(), t.Null()], {
      description: "Why it may not be heard, such as no audio or flapping; null: it may",
    }),
  },
  { title: "SourceWaiting" },
);

const substitute = t.Object(
  {
    mount: t.String(),
    listeners: t.Number({ description: "Those who asked for this mount" }),
  },
  { title: "Substitute" },
);

const hls = t.Object(
  {
    url: t.String({ description: "Path of the multivariant playlist" }),
    zero_ms: t.Union([t.Number(), t.Null()], {
      description:
        "The date of the playlist, in milliseconds since 1970, at which the timeline was 0: a player that knows the date of what it plays finds its position by it",
    }),
  },
  { title: "Hls" },
);

const mountStatus = {
  mount: t.String(),
  group: t.String({
    description:
      "Mounts of one group carry one programme in several qualities; empty: it stands alone",
  }),
  station_name: t.String(),
  station_description: t.String(),
  station_genre: t.String(),
  station_url: t.String(),
  source_connected: t.Boolean({ description: "A source client is logged in" }),
  source_status: sourceStatus,
  substitute: t.Union([substitute, t.Null()], {
    description:
      "The fallback that its listeners hear while it has nothing to play; null: they hear this mount",
  }),
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
  hls: t.Optional(hls),
  next,
  format: t.Union([format, t.Null()]),
  listeners: t.Number(),
  listener_peak: t.Number(),
  playlist_tracks: t.Number(),
  rewind_seconds: rewind,
};

export const mount = t.Object({ ...mountStatus, timeline }, { title: "Mount" });

export const status = t.Object(
  {
    ...mountStatus,
    uptime_seconds: t.Number(),
    uptime_formatted: t.String(),
    mounts: t.Array(mount),
    warnings: t.Array(t.String(), {
      description: "Settings that the admin should change; empty for clients on other machines",
    }),
    version: t.String(),
  },
  { title: "Status" },
);

/** One play of a title. */
export const play = t.Object(
  {
    id: t.Integer({ description: "Grows from play to play of a mount" }),
    mount: t.String(),
    ...trackFields,
    source_status: sourceStatus,
    dj,
    started_at: t.String({ description: "When it began to be heard, as ISO 8601" }),
    ended_at: t.Union([t.String(), t.Null()], { description: "null: it is heard now" }),
  },
  { title: "Play" },
);

const buffer = t.Object({
  available: t.Number({ description: "Bytes held" }),
  space: t.Number({ description: "Bytes until the oldest is overwritten" }),
  fill_percentage: t.Number(),
});

const listener = t.Object(
  {
    id: t.String({ description: "Opaque" }),
    mount: t.String(),
    bytes_sent: t.Number(),
    connected_seconds: t.Number(),
    lag_seconds: t.Number({ description: "Audio it has not been sent yet" }),
    active: t.Boolean({ description: "It is reading what it is sent" }),
  },
  { title: "Listener" },
);

export const stats = t.Object(
  {
    total_listeners: t.Number(),
    total_bytes_sent: t.Number(),
    listeners: t.Array(listener),
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
  },
  { title: "Stats" },
);
