// Reads the server's status into a shape that the page can rely on: every field is there, even if the server omits it.

/**
 * @typedef {"live" | "relay" | "playlist" | "silence" | "other"} SourceKind
 * @typedef {{ codec: string, sampleRate: number, channels: number, kilobits: number }} Format
 * @typedef {object} Mount
 * @property {string} mount path that starts with a slash
 * @property {string} name the station's name on this mount
 * @property {string} genre
 * @property {string} group the programme that it shares with other mounts, or ""
 * @property {string} heard the mount that its listeners hear: itself, or a fallback while it has nothing to play
 * @property {Timeline} timeline its own
 * @property {number | null} listeners
 * @property {Format | null} format
 * @property {string} hls the path of its multivariant playlist, "" without HLS
 * @typedef {object} Airing
 * @property {number} fromSeconds its start on the timeline
 * @property {SourceKind} kind
 * @property {string} dj
 * @property {string} title
 * @property {string} artist
 * @property {string} artwork the path of its picture, or ""
 * @property {number | null} seconds playing time of its track, null if unknown
 * @property {number} playedSeconds how much of it was heard before, if it goes on after an interruption
 * @typedef {object} Timeline
 * @property {number} receivedMs when the report arrived, on performance.now()'s clock
 * @property {number | null} zeroMs the date, in milliseconds since 1970, at which its playlists' timeline was 0; null if unknown
 * @property {number} headSeconds
 * @property {number} joinSeconds
 * @property {number} burstSeconds
 * @property {number} rewindSeconds how far before headSeconds audio was held then
 * @property {number} rewindLimitSeconds how far at most, 0 if the mount cannot be rewound
 * @property {number} recordedSeconds how far before headSeconds recordings reached then, 0 if there are none
 * @property {[Airing, ...Airing[]]} airings in order
 * @property {{ title: string, artist: string } | null} next the track behind the last of them, null if unknown
 * @typedef {object} Status
 * @property {string} name
 * @property {string} description
 * @property {string} genre
 * @property {string} website "" if there is none that listeners can reach
 * @property {string} version
 * @property {string[]} warnings
 * @property {[Mount, ...Mount[]]} mounts the main mount comes first
 */

/** @typedef {Readonly<Record<string, unknown>>} Json */

/** @param {unknown} value @returns {Json} */
function object(value) {
  return typeof value === "object" && value !== null ? /** @type {Json} */ (value) : {};
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value.trim() : "";
}

/** @param {unknown} value @returns {number | null} */
function count(value) {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/** @param {unknown} value @returns {unknown[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {Json} json @returns {SourceKind} */
function readKind(json) {
  const kind = text(json.source_status) || (json.source_connected === true ? "live" : "");
  if (kind === "live" || kind === "relay" || kind === "playlist" || kind === "silence") return kind;
  return "other";
}

/** @param {unknown} value @returns {Format | null} */
function readFormat(value) {
  const json = object(value);
  const codec = text(json.codec);
  if (codec === "") return null;
  const bitrate = count(json.bitrate) ?? 0;
  return {
    codec: codec.toUpperCase(),
    sampleRate: count(json.sample_rate) ?? 0,
    channels: count(json.channels) ?? 0,
    // No stream has 5000 kbit/s, so a larger number is in bit/s.
    kilobits: Math.round(bitrate > 5000 ? bitrate / 1000 : bitrate),
  };
}

/** @param {Json} json @returns {Airing} */
export function readAiring(json) {
  return {
    fromSeconds: count(json.from_seconds) ?? 0,
    kind: readKind(json),
    dj: text(json.dj),
    title: text(json.title),
    artist: text(json.artist),
    artwork: text(json.artwork_url),
    seconds: count(json.duration_seconds),
    playedSeconds: count(json.played_seconds) ?? 0,
  };
}

/** @param {unknown} value */
function readNext(value) {
  const json = object(value);
  const [title, artist] = [text(json.title), text(json.artist)];
  return title === "" ? null : { title, artist };
}

/** Chromium needs 32 KiB before it plays, so at low bitrates the server gives it a longer burst. */
const IS_CHROMIUM = /Chrom(?:e|ium)\/\d/.test(navigator.userAgent);

/** Without a timeline, the mount's current title is its only airing. @param {Json} json @returns {Timeline} */
function readTimeline(json) {
  const timeline = object(json.timeline);
  const [first, ...others] = list(timeline.titles).map((entry) => readAiring(object(entry)));
  const current = readAiring({ ...json, ...object(json.metadata), from_seconds: 0 });
  const ofBurst = (/** @type {string} */ name) => {
    const own = IS_CHROMIUM ? count(timeline[`chromium_${name}`]) : null;
    return own ?? count(timeline[name]) ?? 0;
  };
  return {
    receivedMs: performance.now(),
    zeroMs: count(object(json.hls).zero_ms),
    headSeconds: count(timeline.head_seconds) ?? 0,
    joinSeconds: ofBurst("join_seconds"),
    burstSeconds: ofBurst("burst_seconds"),
    rewindSeconds: count(json.rewind_seconds) ?? 0,
    rewindLimitSeconds: count(timeline.rewind_limit_seconds) ?? 0,
    recordedSeconds: count(timeline.recorded_seconds) ?? 0,
    airings: first ? [first, ...others] : [current],
    next: readNext(timeline.next),
  };
}

/** @param {unknown} value */
function path(value) {
  return `/${text(value).replace(/^\/+/, "") || "stream"}`;
}

/** @param {Json} json @returns {Mount} */
function readMount(json) {
  const substitute = object(json.substitute);
  const listeners = count(json.listeners);
  const mount = path(json.mount);
  return {
    mount,
    name: text(json.station_name),
    genre: text(json.station_genre),
    group: text(json.group),
    heard: "mount" in substitute ? path(substitute.mount) : mount,
    timeline: readTimeline(json),
    listeners: listeners === null ? null : listeners + (count(substitute.listeners) ?? 0),
    format: readFormat(json.format),
    hls: "mount" in substitute ? "" : text(object(json.hls).url),
  };
}

/** A mount that is heard through another one has that one's titles.
 * @param {Mount} mount @param {readonly Mount[]} mounts @param {string} [through] @returns {Mount} */
export function asHeard(mount, mounts, through = mount.heard) {
  const heard = mounts.find((other) => other.mount === through) ?? mount;
  return { ...mount, timeline: heard.timeline, format: heard.format };
}

/** @param {Json} json @returns {Status["mounts"]} */
function readMounts(json) {
  const [first, ...others] = list(json.mounts).map((entry) => readMount(object(entry)));
  return first ? [first, ...others] : [readMount(json)];
}

const LOCAL_NAME = /^(localhost|0\.0\.0\.0|127\.[\d.]+|\[::1?\])$/;

/** Keeps web addresses that a listener's machine can reach. @param {unknown} value */
function publicWebAddress(value) {
  try {
    const { protocol, hostname, href } = new URL(text(value));
    return /^https?:$/.test(protocol) && !LOCAL_NAME.test(hostname) ? href : "";
  } catch {
    return "";
  }
}

/** @param {unknown} value the parsed answer of /api/status @returns {Status} */
export function readStatus(value) {
  const json = object(value);
  return {
    name: text(json.station_name) || "Cycast",
    description: text(json.station_description),
    genre: text(json.station_genre),
    website: publicWebAddress(json.station_url),
    version: text(json.version),
    warnings: list(json.warnings).map(text).filter(Boolean),
    mounts: readMounts(json),
  };
}

/**
 * The status with newer numbers of listeners.
 * @param {Status} status
 * @param {unknown} value the parsed data of a listeners event
 * @returns {Status}
 */
export function withListeners(status, value) {
  const counts = object(value);
  const [first, ...others] = status.mounts;
  /** @param {Mount} mount */
  const updated = (mount) => {
    return { ...mount, listeners: count(counts[mount.mount]) ?? mount.listeners };
  };
  return { ...status, mounts: [updated(first), ...others.map(updated)] };
}

/** The URL of a server path as this browser reaches it, also behind a proxy that adds a folder. @param {string} path */
export function serverAddress(path) {
  return new URL(`.${path}`, location.href).href;
}

/** Names of a signature in an address. */
const SIGNED = ["exp", "u", "ip", "sig"];
/** The query of this page when it was first needed: tests read this file without a page. @type {URLSearchParams | undefined} */
let opened;

/** The URL of a stream or its player file, with the signature that this page was opened with. @param {string} path */
export function streamAddress(path) {
  opened ??= new URLSearchParams(location.search);
  const address = new URL(serverAddress(path));
  for (const name of SIGNED) {
    const value = opened.get(name);
    if (value !== null) address.searchParams.set(name, value);
  }
  return address.href;
}

/** The track's own picture, or one drawn for it. @param {Airing} airing @param {boolean} hasSun */
export function artworkAddress({ artwork, artist, title }, hasSun = true) {
  if (artwork) return serverAddress(artwork);
  const words = new URLSearchParams({ artist, title, ...(hasSun ? {} : { sun: "0" }) });
  return serverAddress(`/artwork/sunrise.svg?${words}`);
}
