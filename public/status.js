// Reads the server's status into a shape the page can trust: every field present, whatever the server left out.

/**
 * @typedef {"live" | "playlist" | "silence" | "other"} SourceKind
 * @typedef {{ codec: string, sampleRate: number, channels: number, kilobits: number }} Format
 * @typedef {object} Mount
 * @property {string} mount path that starts with a slash
 * @property {string} name the station's name on this mount
 * @property {SourceKind} kind
 * @property {string} source what the badge says
 * @property {string} title
 * @property {string} artist
 * @property {number | null} listeners
 * @property {number | null} peak
 * @property {Format | null} format
 * @typedef {object} Status
 * @property {string} name
 * @property {string} description
 * @property {string} genre
 * @property {string} website "" when it names the server's own machine only
 * @property {string} streamUrl likewise
 * @property {number | null} uptimeSeconds
 * @property {string} uptimeText
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

/** @param {Json} json @returns {Mount} */
function readMount(json) {
  const metadata = object(json.metadata);
  return {
    mount: `/${text(json.mount).replace(/^\/+/, "") || "stream"}`,
    name: text(json.station_name),
    ...readSource(json),
    title: text(metadata.title),
    artist: text(metadata.artist),
    listeners: count(json.listeners),
    peak: count(json.listener_peak),
    format: readFormat(json.format),
  };
}

/** The main mount comes from the top level, where the server tells the most about it. @param {Json} json */
function readMounts(json) {
  const main = readMount(json);
  const others = list(json.mounts).map((entry) => readMount(object(entry)));
  return [main, ...others.filter(({ mount }) => mount !== main.mount)];
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
    streamUrl: publicWebAddress(json.stream_url),
    uptimeSeconds: count(json.uptime_seconds),
    uptimeText: text(json.uptime_formatted),
    version: text(json.version),
    warnings: list(json.warnings).map(text).filter(Boolean),
    mounts: readMounts(json),
  };
}

/** "3h 12m": the two largest units. @param {number} seconds */
export function formatUptime(seconds) {
  const whole = Math.floor(seconds);
  const units = [
    ["d", Math.floor(whole / 86_400)],
    ["h", Math.floor(whole / 3600) % 24],
    ["m", Math.floor(whole / 60) % 60],
    ["s", whole % 60],
  ];
  const first = units.findIndex(([, amount]) => Number(amount) > 0);
  if (first < 0) return "0s";
  return units
    .slice(first, first + 2)
    .map(([unit, amount]) => `${amount}${unit}`)
    .join(" ");
}

/** Where this page's browser reaches a mount, also behind a proxy that serves us below a path. @param {string} mount */
export function mountAddress(mount) {
  return new URL(`.${mount}`, document.baseURI).href;
}

/** The server's own address for its main mount where it knows one, else ours. @param {Status} status @param {Mount} mount */
export function publicAddress(status, mount) {
  const isMain = mount === status.mounts[0];
  return (isMain && status.streamUrl) || mountAddress(mount.mount);
}
