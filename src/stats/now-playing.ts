// Pure: what plays on a mount in the shape of AzuraCast's now-playing JSON, which widgets, bots and home automation read.
// Each mount is a station there.
import type { AiringFacts, MountFacts, NextFacts } from "../facts/facts.ts";
import { titleLine } from "../lib/titled.ts";
import { type BaseUrl, listenUrl } from "./icestats.ts";

/** Titles before the current one. */
const HISTORY = 5;

const OFFLINE = "Station Offline";

/** The id that stands for no song. */
const OFFLINE_ID = "5a6a865199cf5df73b1417326d2ff24f";

/** Characters of a title that its id is made from. */
const ID_CHARACTERS = 150;

/** The name that AzuraCast gives a playlist without one. */
const PLAYLIST = "default";

type Titled = Pick<AiringFacts, "artist" | "title" | "album" | "artworkId">;

/** `place`: the mount's place in the configuration, from 1. */
export interface Place {
  readonly base: BaseUrl;
  readonly place: number;
  /** Its name in AzuraCast's paths. */
  readonly shortcode: string;
}

/** A mount's path as one word of letters, digits and underscores, since proxies' rules for AzuraCast allow no more. */
function shortcodeOf(path: string): string {
  return path.replace(/^\//, "").replace(/\W+/g, "_");
}

/** By path. Of several mounts with the same one, the first has it, and the others have their places behind it. */
export function shortcodesOf(paths: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    paths.map((path, at) => {
      let code = shortcodeOf(path);
      if (taken.has(code)) code = `${code}_${at + 1}`;
      while (taken.has(code)) code += "_";
      taken.add(code);
      return [path, code];
    }),
  );
}

/** The same title has the same id everywhere, however it is spaced or cased. */
function songId(text: string): string {
  const plain = [...text]
    .slice(0, ID_CHARACTERS)
    .join("")
    .replace(/[ \-"'\n\t\r]/g, "")
    .toLowerCase();
  return plain === "" ? OFFLINE_ID : new Bun.CryptoHasher("md5").update(plain).digest("hex");
}

function artUrl({ artist, title, artworkId }: Titled, base: BaseUrl): string {
  if (artworkId !== null) return `${base}/artwork/${artworkId}`;
  return `${base}/artwork/sunrise.svg?${new URLSearchParams({ artist, title })}`;
}

function song(titled: Titled, base: BaseUrl) {
  const { artist, title, album } = titled;
  const text = titleLine({ artist, title });
  const unknown = { genre: "", isrc: "", lyrics: "" };
  const art = artUrl(titled, base);
  return { id: songId(text), art, custom_fields: [], text, artist, title, album, ...unknown };
}

function unixSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Whole seconds; 0 if unknown or without an end. */
function duration({ seconds }: { readonly seconds: number | null }): number {
  return seconds === null ? 0 : Math.round(seconds);
}

interface Played extends AiringFacts {
  readonly id: number;
  readonly startedMs: number;
}

function historyItem(play: Played, base: BaseUrl) {
  const isLive = play.onAir === "live";
  return {
    sh_id: play.id,
    played_at: unixSeconds(play.startedMs),
    duration: duration(play),
    playlist: play.onAir === "playlist" ? PLAYLIST : "",
    streamer: isLive ? play.dj : "",
    is_request: false,
    song: song(play, base),
  };
}

const NOTHING: Played = {
  ...{ id: 0, startedMs: 0, fromSeconds: 0, onAir: "silence", dj: "" },
  ...{ artist: "", title: OFFLINE, album: "", seconds: 0, artworkId: null },
};

/** What is heard. A show without titles goes by its own name, or the station's. */
function current({ play, dj, stationName, isUp }: MountFacts): Played {
  if (play === null || play.onAir === "silence" || !isUp) return NOTHING;
  return play.artist === "" && play.title === "" ? { ...play, title: dj || stationName } : play;
}

function nowPlaying(mount: MountFacts, base: BaseUrl) {
  const play = current(mount);
  const item = historyItem(play, base);
  const songs = play === NOTHING ? { ...item, song: { ...item.song, id: OFFLINE_ID } } : item;
  return { ...songs, elapsed: 0, remaining: 0 };
}

function playingNext(next: NextFacts, play: Played, base: BaseUrl) {
  return {
    cued_at: unixSeconds(play.startedMs),
    played_at: unixSeconds(play.startedMs) + duration(play),
    duration: duration(next),
    playlist: PLAYLIST,
    is_request: false,
    song: song(next, base),
  };
}

function listeners({ listeners: total, unique }: MountFacts) {
  return { total, unique, current: total };
}

function hlsOf({ hls, doors }: MountFacts, base: BaseUrl) {
  return {
    hls_enabled: hls !== null,
    hls_is_default: false,
    hls_url: hls === null ? "" : listenUrl(base, hls.path),
    hls_listeners: doors["hls"] ?? 0,
  };
}

function station(mount: MountFacts, { base, place, shortcode }: Place) {
  const url = listenUrl(base, mount.path);
  return {
    id: place,
    name: mount.stationName,
    shortcode,
    description: mount.stationDescription,
    frontend: "icecast",
    backend: "none",
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    listen_url: url,
    url: mount.stationUrl === "" ? null : mount.stationUrl,
    public_player_url: `${base}/?${new URLSearchParams({ mount: mount.path })}`,
    playlist_pls_url: `${url}.pls`,
    playlist_m3u_url: `${url}.m3u`,
    is_public: true,
    requests_enabled: false,
    mounts: [mountOf(mount, { base, place, shortcode })],
    remotes: [],
    ...hlsOf(mount, base),
  };
}

function mountOf(mount: MountFacts, { base, place }: Place) {
  return {
    id: place,
    name: mount.path,
    url: listenUrl(base, mount.path),
    bitrate: Math.round(mount.bitrate),
    format: mount.format?.codec ?? "",
    listeners: listeners(mount),
    path: mount.path,
    is_default: true,
  };
}

function live({ liveSinceMs, dj, stationName }: MountFacts) {
  const is_live = liveSinceMs !== null;
  const broadcast_start = liveSinceMs === null ? null : unixSeconds(liveSinceMs);
  return { is_live, streamer_name: is_live ? dj || stationName : "", broadcast_start, art: null };
}

/** As of a change: atMoment() adds what grows by itself. */
export function renderNowPlaying(mount: MountFacts, place: Place) {
  const { base } = place;
  const { next, play } = mount;
  const past = mount.plays(HISTORY + 1).filter(({ id }) => id !== play?.id);
  return {
    station: station(mount, place),
    listeners: listeners(mount),
    live: live(mount),
    now_playing: nowPlaying(mount, base),
    playing_next: next === null ? null : playingNext(next, current(mount), base),
    song_history: past.slice(0, HISTORY).map((item) => historyItem(item, base)),
    is_online: mount.isUp,
    cache: "station",
  };
}

export type NowPlaying = ReturnType<typeof renderNowPlaying>;

/** The same with the seconds that have been heard by now. */
export function atMoment(now: NowPlaying, nowMs: number): NowPlaying {
  const { played_at, duration: whole, sh_id } = now.now_playing;
  if (sh_id === 0) return now;
  const since = Math.max(0, unixSeconds(nowMs) - played_at);
  const elapsed = whole === 0 ? since : Math.min(since, whole);
  const remaining = Math.max(0, whole - elapsed);
  return { ...now, now_playing: { ...now.now_playing, elapsed, remaining } };
}
