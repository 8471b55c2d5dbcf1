// Reads the server's status into a shape the page can trust: every field present, whatever the server left out.

/**
 * @typedef {"live" | "playlist" | "silence" | "other"} SourceKind
 * @typedef {{ codec: string, sampleRate: number, channels: number, kilobits: number }} Format
 * @typedef {object} Mount
 * @property {string} mount path that starts with a slash
 * @property {string} name the station's name on this mount
 * @property {Timeline} timeline
 * @property {number | null} listeners
 * @property {Format | null} format
 * @typedef {object} Airing
 * @property {number} fromSeconds where on the timeline it begins
 * @property {SourceKind} kind
 * @property {string} source what the badge says
 * @property {string} dj
 * @property {string} title
 * @property {string} artist
 * @property {string} artwork path of its picture, or ""
 * @typedef {object} Timeline
 * @property {number} receivedMs when it came, on performance.now()'s clock
 * @property {number} headSeconds
 * @property {number} joinSeconds
 * @property {number} burstSeconds
 * @property {Airing[]} airings one at least, in their order
 * @typedef {object} Status
 * @property {string} name
 * @property {string} description
 * @property {string} genre
 * @property {string} website "" when it names the server's own machine only
 * @property {string} version
 * @property {string[]} warnings
 * @property {Mount[]} mounts the main mount is the first
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

const sourceWords = { live: "Live", playlist: "Playlist", silence: "Silence" };

/** @param {Json} json @returns {{ kind: SourceKind, source: string }} */
function readSource(json) {
  const said = text(json.source_status) || (json.source_connected === true ? "live" : "");
  if (said === "live" || said === "playlist" || said === "silence") {
    return { kind: said, source: sourceWords[said] };
  }
  return { kind: "other", source: said || "Off air" };
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
    // No stream has 5000 kbit/s: a larger number is in bit/s.
    kilobits: Math.round(bitrate > 5000 ? bitrate / 1000 : bitrate),
  };
}

/** @param {Json} json @returns {Airing} */
function readAiring(json) {
  return {
    fromSeconds: count(json.from_seconds) ?? 0,
    ...readSource(json),
    dj: text(json.dj),
    title: text(json.title),
    artist: text(json.artist),
    artwork: text(json.artwork_url),
  };
}

// Its audio begins only when it has 32 KiB, so the server gives it a longer burst where the bitrate is low.
const isChromium = /Chrom(?:e|ium)\/\d/.test(navigator.userAgent);

/** Without a timeline there is what the mount says of itself. @param {Json} json @returns {Timeline} */
function readTimeline(json) {
  const timeline = object(json.timeline);
  const airings = list(timeline.titles).map((entry) => readAiring(object(entry)));
  const said = readAiring({ ...json, ...object(json.metadata), from_seconds: 0 });
  const ofBurst = (/** @type {string} */ name) => {
    const own = isChromium ? count(timeline[`chromium_${name}`]) : null;
    return own ?? count(timeline[name]) ?? 0;
  };
  return {
    receivedMs: performance.now(),
    headSeconds: count(timeline.head_seconds) ?? 0,
    joinSeconds: ofBurst("join_seconds"),
    burstSeconds: ofBurst("burst_seconds"),
    airings: airings.length > 0 ? airings : [said],
  };
}

/** @param {Json} json @returns {Mount} */
function readMount(json) {
  return {
    mount: `/${text(json.mount).replace(/^\/+/, "") || "stream"}`,
    name: text(json.station_name),
    timeline: readTimeline(json),
    listeners: count(json.listeners),
    format: readFormat(json.format),
  };
}

/** The main mount is the first. @param {Json} json */
function readMounts(json) {
  const mounts = list(json.mounts).map((entry) => readMount(object(entry)));
  return mounts.length > 0 ? mounts : [readMount(json)];
}

const localName = /^(localhost|0\.0\.0\.0|127\.[\d.]+|\[::1?\])$/;

/** Keeps only web addresses that also lead somewhere from a visitor's machine. @param {unknown} value */
function publicWebAddress(value) {
  try {
    const { protocol, hostname, href } = new URL(text(value));
    return /^https?:$/.test(protocol) && !localName.test(hostname) ? href : "";
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
 * The same with as many listeners as the server has told since.
 * @param {Status} status
 * @param {unknown} value the parsed data of a listeners event
 * @returns {Status}
 */
export function withListeners(status, value) {
  const counts = object(value);
  const mounts = status.mounts.map((mount) => {
    return { ...mount, listeners: count(counts[mount.mount]) ?? mount.listeners };
  });
  return { ...status, mounts };
}

/** Where this page's browser reaches a path of the server, also behind a proxy that serves us below a folder. @param {string} path */
export function serverAddress(path) {
  return new URL(`.${path}`, location.href).href;
}

/** The picture of what plays: its own, else one that is drawn for it. @param {Airing} airing @param {boolean} hasSun */
export function artworkAddress({ artwork, artist, title }, hasSun = true) {
  if (artwork) return serverAddress(artwork);
  const words = new URLSearchParams({ artist, title, ...(hasSun ? {} : { sun: "0" }) });
  return serverAddress(`/artwork/sunrise.svg?${words}`);
}
