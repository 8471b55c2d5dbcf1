// The API's description of AzuraCast's now-playing JSON.
import { t } from "elysia";

const unixSeconds = (description: string) =>
  t.Integer({ description: `${description}, in Unix seconds` });

const listeners = t.Object({
  total: t.Integer(),
  unique: t.Integer({ description: "Distinct addresses" }),
  current: t.Integer({ description: "The same as total" }),
});

const song = t.Object(
  {
    id: t.String({ description: "The same for the same text" }),
    art: t.String({ description: "Absolute URL of its picture; there is always one" }),
    custom_fields: t.Array(t.String()),
    text: t.String({ description: "Artist - Title" }),
    artist: t.String(),
    title: t.String(),
    album: t.String(),
    genre: t.String(),
    isrc: t.String(),
    lyrics: t.String(),
  },
  { title: "Song" },
);

const queued = {
  duration: t.Integer({ description: "Seconds; 0: unknown, or without an end" }),
  playlist: t.String({ description: "Empty for a live show" }),
  is_request: t.Boolean(),
  song,
};

const played = {
  sh_id: t.Integer({ description: "Grows from title to title; 0: the station is offline" }),
  played_at: unixSeconds("When it began to be heard"),
  ...queued,
  streamer: t.String({ description: "The name of the live show, or empty" }),
};

const mount = t.Object({
  id: t.Integer(),
  name: t.String(),
  url: t.String(),
  bitrate: t.Integer({ description: "kbit/s; 0: unknown" }),
  format: t.String(),
  listeners,
  path: t.String(),
  is_default: t.Boolean(),
});

export const station = t.Object({
  id: t.Integer({ description: "The mount's place in the configuration, from 1" }),
  name: t.String(),
  shortcode: t.String({ description: "The mount's path as one word" }),
  description: t.String(),
  frontend: t.String(),
  backend: t.String(),
  timezone: t.String(),
  listen_url: t.String(),
  url: t.Union([t.String(), t.Null()]),
  public_player_url: t.String(),
  playlist_pls_url: t.String(),
  playlist_m3u_url: t.String(),
  is_public: t.Boolean(),
  requests_enabled: t.Boolean(),
  mounts: t.Array(mount),
  remotes: t.Array(mount),
  hls_enabled: t.Boolean(),
  hls_is_default: t.Boolean(),
  hls_url: t.String(),
  hls_listeners: t.Integer(),
});

const live = t.Object({
  is_live: t.Boolean(),
  streamer_name: t.String(),
  broadcast_start: t.Union([t.Integer(), t.Null()], { description: "In Unix seconds" }),
  art: t.Union([t.String(), t.Null()]),
});

const playingNext = t.Object({
  cued_at: unixSeconds("Since when it is known"),
  played_at: unixSeconds("When it is expected to be heard"),
  ...queued,
});

export const nowPlaying = t.Object(
  {
    station,
    listeners,
    live,
    now_playing: t.Object({
      ...played,
      elapsed: t.Integer({ description: "Seconds of it that were heard" }),
      remaining: t.Integer({ description: "Seconds; 0: unknown, or without an end" }),
    }),
    playing_next: t.Union([playingNext, t.Null()]),
    song_history: t.Array(t.Object(played), { description: "Before it, the newest first" }),
    is_online: t.Boolean(),
    cache: t.String(),
  },
  { title: "NowPlaying" },
);
