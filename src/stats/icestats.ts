// The facts under Icecast's names, for tools that scrape Icecast, in public and admin versions.
import { isoDate, longDate } from "../lib/dates.ts";
import type { InputFacts } from "../facts/counters.ts";
import { isOffered } from "../facts/offered.ts";
import type { MountFacts, StationFacts } from "../facts/facts.ts";

export type Stats = Readonly<Record<string, string | number>>;

/** The station's address as the client used it: "http://radio.example:8000", without a trailing slash. */
export type BaseUrl = string;

/** Sorted by name, as in Icecast. */
export function inOrder(stats: Stats): [string, string | number][] {
  return Object.entries(stats).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function listenUrl(base: BaseUrl, path: string): string {
  return `${base}${encodeURI(path)}`;
}

/** The mounts that play; `only`: the path of the requested one, without a look at the others. */
export function mountsUp(facts: StationFacts, only?: string): readonly MountFacts[] {
  const mounts = only === undefined ? facts.mounts : [facts.mount(only)];
  return mounts.filter((mount): mount is MountFacts => mount?.isUp === true);
}

/** The same for stations that mirror this one: without mounts that are only offered, or two that mirror each other would
 * keep one that has gone. */
export function mountsPlaying(facts: StationFacts, only?: string): readonly MountFacts[] {
  return mountsUp(facts, only).filter((mount) => !isOffered(mount));
}

/** The public server fields, sorted by name as in Icecast. */
export function serverStats(facts: StationFacts, base: BaseUrl): Stats {
  return {
    admin: "icemaster@localhost",
    host: new URL(base).hostname,
    location: "Earth",
    server_id: `Cycast ${facts.version}`,
    server_start: longDate(facts.startedMs),
    server_start_iso8601: isoDate(facts.startedMs),
  };
}

/** Measured values only: a source's own ice-audio-info could inject any key. */
function audioStats({ format, bitrate }: MountFacts): Stats {
  if (format === null) return {};
  const { sampleRate, channels } = format;
  return {
    audio_info: `ice-samplerate=${sampleRate};ice-bitrate=${bitrate};ice-channels=${channels}`,
    ...(bitrate > 0 && { bitrate, "ice-bitrate": bitrate }),
    channels,
    "ice-channels": channels,
    "ice-samplerate": sampleRate,
    samplerate: sampleRate,
  };
}

/** One line for formats with inline titles, two fields for formats with comments: programs join the two. */
function titleStats(mount: MountFacts): Stats {
  const { artist, title, titleLine } = mount;
  if (titleLine === "") return {};
  const hasLine = /^audio\/(mpeg|aac)$/.test(mount.contentType);
  return hasLine || artist === "" ? { title: titleLine } : { artist, title };
}

/** The public fields of a mount. */
export function sourceStats(mount: MountFacts, base: BaseUrl): Stats {
  return {
    ...audioStats(mount),
    genre: mount.stationGenre,
    listener_peak: mount.listenerPeak,
    listeners: mount.listeners,
    listenurl: listenUrl(base, mount.path),
    server_description: mount.stationDescription,
    server_name: mount.stationName,
    server_type: mount.contentType,
    server_url: mount.stationUrl,
    stream_start: longDate(mount.sinceMs),
    stream_start_iso8601: isoDate(mount.sinceMs),
    ...titleStats(mount),
  };
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const number of numbers) all += number;
  return all;
}

/** The admin's additional server fields. */
export function serverCounters(facts: StationFacts): Stats {
  const listeners = sum(facts.mounts.map((mount) => mount.listeners));
  const joined = sum(facts.mounts.map((mount) => mount.joined));
  const tries = joined + sum(Object.values(facts.sources));
  const accepted = facts.sources["accepted"] ?? 0;
  const sources = facts.mounts.filter((mount) => mount.hasSource).length;
  return {
    client_connections: tries,
    clients: listeners + sources,
    connections: tries,
    file_connections: 0,
    listener_connections: joined,
    listeners,
    source_client_connections: accepted,
    source_relay_connections: sum(facts.mounts.map(({ inputs }) => playing(inputs))),
    source_total_connections: accepted,
    sources: facts.mounts.filter((mount) => mount.isUp).length,
    stats: 0,
    stats_connections: 0,
  };
}

/** The admin's additional fields of a mount. */
export function sourceCounters(mount: MountFacts): Stats {
  const { source } = mount;
  return {
    connections: mount.joined,
    garbage_bytes: source?.garbageBytes ?? 0,
    max_listeners: mount.maxListeners === 0 ? "unlimited" : mount.maxListeners,
    public: 0,
    slow_listeners: mount.slowListeners,
    total_bytes_read: source?.receivedBytes ?? 0,
    total_bytes_sent: mount.sentBytes,
    ...(source && source.address !== "" && { source_ip: source.address }),
    ...(source && source.userAgent !== "" && { user_agent: source.userAgent }),
  };
}

function playing(inputs: readonly InputFacts[]): number {
  return inputs.filter(({ relay }) => relay?.state === "playing").length;
}
