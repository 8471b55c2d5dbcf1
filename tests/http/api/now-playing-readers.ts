// Programs that read AzuraCast's now-playing JSON, as far as they read it: each takes what its own documentation and
// code expect, and throws where it would fail.
import { type Static, Type as t } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

const song = t.Object({
  id: t.String(),
  art: t.String(),
  custom_fields: t.Array(t.Any()),
  ...{ text: t.String(), artist: t.String(), title: t.String(), album: t.String() },
  ...{ genre: t.String(), isrc: t.String(), lyrics: t.String() },
});

const queued = {
  played_at: t.Number(),
  duration: t.Number(),
  playlist: t.String(),
  is_request: t.Boolean(),
  song,
};

const played = { sh_id: t.Number(), streamer: t.String(), ...queued };

const listeners = t.Object({ total: t.Number(), unique: t.Number(), current: t.Number() });

/** What the npm package azuracast-np lets pass: every field, and null only where it allows it. */
const VALIDATED = t.Object({
  station: t.Object({
    ...{ id: t.Number(), name: t.String(), shortcode: t.String(), description: t.String() },
    ...{ frontend: t.String(), backend: t.String(), timezone: t.String() },
    ...{ listen_url: t.String(), url: t.Union([t.String(), t.Null()]) },
    ...{ public_player_url: t.String(), playlist_pls_url: t.String() },
    ...{ playlist_m3u_url: t.String(), is_public: t.Boolean() },
    mounts: t.Array(
      t.Object({
        ...{ id: t.Number(), name: t.String(), url: t.String(), bitrate: t.Number() },
        ...{ format: t.String(), listeners, path: t.String(), is_default: t.Boolean() },
      }),
    ),
    remotes: t.Array(t.Any()),
    ...{ hls_enabled: t.Boolean(), hls_is_default: t.Boolean() },
    ...{ hls_url: t.String(), hls_listeners: t.Number() },
  }),
  listeners,
  live: t.Object({
    is_live: t.Boolean(),
    streamer_name: t.String(),
    broadcast_start: t.Union([t.Number(), t.Null()]),
    art: t.Union([t.String(), t.Null()]),
  }),
  now_playing: t.Object({ ...played, elapsed: t.Number(), remaining: t.Number() }),
  playing_next: t.Union([t.Object({ ...queued, cued_at: t.Number() }), t.Null()]),
  song_history: t.Array(t.Object(played)),
  is_online: t.Boolean(),
  cache: t.String(),
});

export type Validated = Static<typeof VALIDATED>;

export function validated(value: unknown): Validated {
  const [error] = Value.Errors(VALIDATED, value);
  if (error !== undefined) throw new TypeError(`${error.path}: ${error.message}`);
  return value as Validated;
}

/** AzuraCast's own web player at its event stream: the titles that it would show, the initial one first. */
export class WebPlayer {
  readonly shown: Validated[] = [];
  /** Unix seconds, by which it counts on. */
  time = 0;

  /** One `data:` line's content. */
  read(data: string): void {
    const message = JSON.parse(data) as Record<string, unknown>;
    if ("connect" in message) return this.#connect(message.connect as Connect);
    if ("pub" in message) this.#publication(message.pub as Publication);
  }

  #connect({ time, subs }: Connect): void {
    this.time = Math.floor(time / 1000);
    for (const { publications = [] } of Object.values(subs))
      for (const { data } of publications) this.shown.push(validated(data.np));
  }

  #publication({ data }: Publication): void {
    if (data.current_time !== undefined) this.time = data.current_time;
    this.shown.push(validated(data.np));
  }
}

interface Publication {
  readonly data: { readonly np: unknown; readonly current_time?: number };
}

interface Connect {
  readonly time: number;
  readonly subs: Readonly<Record<string, { readonly publications?: readonly Publication[] }>>;
}

/** The Python package azuracast-sse-client: reads the first publication of its channel, and counts in whole seconds. */
export function pythonClient(data: string, shortcode: string): string {
  const payload = JSON.parse(data);
  const publication =
    "connect" in payload
      ? payload.connect.subs[`station:${shortcode}`].publications[0]
      : payload.pub;
  const { now_playing: now, live } = validated(publication.data.np);
  const clock = (seconds: number) => {
    if (!Number.isInteger(seconds)) throw new TypeError(`${seconds} is no whole number`);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(part).padStart(2, "0")).join(":");
  };
  const dj = live.is_live ? live.streamer_name : "Robot";
  return `${dj}: ${now.song.title} by ${now.song.artist} ${clock(now.elapsed)}/${clock(now.duration)}`;
}

/** Home Assistant's REST sensor with a template a value; a state has at most 255 characters. */
export function homeAssistant(value: unknown): Readonly<Record<string, string>> {
  const json = validated(value);
  const states = {
    title: json.now_playing.song.title,
    artist: json.now_playing.song.artist,
    picture: json.now_playing.song.art,
    listeners: String(json.listeners.current),
    live: json.live.is_live ? "on" : "off",
    online: json.is_online ? "on" : "off",
  };
  for (const [name, state] of Object.entries(states))
    if (state.length > 255) throw new TypeError(`${name} is too long for a state`);
  return states;
}

/** A WordPress player plug-in: asks for all stations and shows the first. */
export function wordPress(value: unknown): readonly [name: string, source: string, line: string] {
  const [first] = value as unknown[];
  const { station, now_playing } = validated(first);
  return [
    station.name,
    station.listen_url,
    `${now_playing.song.artist} - ${now_playing.song.title}`,
  ];
}

/** A Discord bot's embed: no part may be empty, and its pictures are absolute addresses. */
export function discordBot(value: unknown) {
  const { station, now_playing } = validated(value);
  const { artist, title, art } = now_playing.song;
  const embed = { title: `${station.name} - Now playing`, name: artist, value: title };
  if (Object.values(embed).includes("")) throw new TypeError("an embed has an empty part");
  if (!/^https?:\/\//.test(art)) throw new TypeError(`${art} is no address`);
  return { ...embed, thumbnail: art };
}
