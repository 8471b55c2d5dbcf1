// What the desk shows, gathered from the station: counters and one page of listeners, never a look at all of them.
import type { DoctorFacts, MountHealth, SourceHealth } from "../../doctor/doctor-facts.ts";
import { NO_METADATA } from "../../mount/metadata.ts";
import type { TrackList } from "../../mount/roles.ts";
import type { Listener } from "../../output/audience/listener.ts";
import type { MountParts } from "../../mounts.ts";
import { type Station, VERSION } from "../../station.ts";
import { LATE_MINUTES, someMembers, type Watch } from "./watch.ts";

/** Listeners whose addresses the doctor looks at. */
const ADDRESSES = 200;

/** More skipped files or unreadable folders than that are counted, not named. */
const NAMED = 100;

/** Files that play next. */
const UPCOMING = 10;

function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

function secondsSince(ms: number, { clock }: Station): number {
  return Math.max(0, Math.floor((clock.nowMs() - ms) / 1000));
}

function renderSource(parts: MountParts, station: Station, watch: Watch) {
  const { live } = parts.mount;
  const source = live?.feed;
  if (live === null || source === undefined) return null;
  const { address, userAgent, declaredBitrate = 0 } = source.client;
  const drift = watch.drift(parts);
  return {
    address,
    user_agent: userAgent,
    sending_seconds: source.receivedBytes === 0 ? 0 : secondsSince(source.sinceMs, station),
    received_bytes: source.receivedBytes,
    bitrate: live.bitrate,
    declared_bitrate: declaredBitrate,
    drift_percent: drift === null ? null : round(drift.ratio * 100, 3),
  };
}

function renderFormat({ mount }: MountParts) {
  const format = mount.onAir?.format ?? mount.format;
  if (format === null) return null;
  const { codec, sampleRate, channels } = format;
  return { codec, sample_rate: sampleRate, channels, bitrate: mount.onAir?.bitrate ?? 0 };
}

function renderMount(parts: MountParts, station: Station, watch: Watch) {
  const { mount, audience } = parts;
  const lag = watch.lag(parts);
  return {
    mount: mount.path,
    station_name: mount.config.metadata.stationName,
    on_air: mount.onAir?.kind ?? "silence",
    on_air_seconds: secondsSince(mount.onAirMs, station),
    title: mount.metadata.title,
    artist: mount.metadata.artist,
    format: renderFormat(parts),
    listeners: audience.count,
    listener_peak: audience.peak,
    max_listeners: mount.config.maxListeners,
    joined: audience.joined,
    slow_listeners: audience.slow,
    lag: {
      median_seconds: round(lag.medianSeconds),
      worst_seconds: round(lag.worstSeconds),
      looked_at: lag.lookedAt,
    },
    source: renderSource(parts, station, watch),
    playlist: { tracks: mount.player?.tracks.count ?? 0, file: mount.player?.heardFile ?? null },
  };
}

export function renderOverview(station: Station, watch: Watch) {
  return {
    version: VERSION,
    uptime_seconds: Math.floor(station.uptimeSeconds),
    listeners: station.all.reduce((sum, { audience }) => sum + audience.count, 0),
    mounts: station.all.map((parts) => renderMount(parts, station, watch)),
  };
}

function renderListener(listener: Listener, parts: MountParts, station: Station) {
  const state = parts.audience.stateOf(listener);
  const { address, userAgent, isForwarded = false } = listener.client;
  return {
    id: listener.number,
    address,
    user_agent: userAgent,
    connected_seconds: secondsSince(listener.joinedMs, station),
    sent_bytes: state?.sentBytes ?? 0,
    lag_seconds: round(state?.lagSeconds ?? 0),
    active: !(state?.isBlocked ?? false),
    forwarded: isForwarded,
  };
}

/** A page beyond the last is the last. */
export function renderListeners(
  parts: MountParts,
  wanted: number,
  perPage: number,
  station: Station,
) {
  const { count } = parts.audience;
  const pages = Math.max(1, Math.ceil(count / perPage));
  const page = Math.min(wanted, pages);
  const members = someMembers(parts, (page - 1) * perPage, perPage);
  return {
    mount: parts.mount.path,
    page,
    pages,
    per_page: perPage,
    total: count,
    listeners: members.map((listener) => renderListener(listener, parts, station)),
  };
}

/** Of a mount that plays no files. */
const NO_TRACKS: TrackList = {
  count: 0,
  skippedCount: 0,
  isKnown: true,
  reasons: new Map(),
  unreadable: new Map(),
  unreadableCount: 0,
  passedOver: new Map(),
  tooDeep: [],
  isCutOff: false,
  unansweredSeconds: 0,
};

function named(reasons: ReadonlyMap<string, string>) {
  return [...reasons].slice(0, NAMED).map(([name, why]) => ({ name, why }));
}

export function renderPlaylist({ mount }: MountParts) {
  const { directory, shuffle } = mount.config.playlist;
  const { player } = mount;
  const playlist = player?.tracks ?? NO_TRACKS;
  const heardFile = player?.heardFile ?? null;
  const { title, artist } = player?.metadata ?? NO_METADATA;
  return {
    mount: mount.path,
    directory,
    shuffle,
    tracks: playlist.count,
    playing: heardFile === null ? null : { file: heardFile, title, artist },
    upcoming: player?.upcoming(UPCOMING) ?? [],
    skipped: named(playlist.reasons),
    unreadable: named(playlist.unreadable),
  };
}

function sourceHealth(parts: MountParts, station: Station, watch: Watch): SourceHealth | null {
  const { live } = parts.mount;
  const source = live?.feed;
  if (live === null || source === undefined || source.receivedBytes === 0) return null;
  return {
    sendingSeconds: secondsSince(source.sinceMs, station),
    declaredBitrate: source.client.declaredBitrate ?? 0,
    measuredBitrate: live.bitrate,
    drift: watch.drift(parts),
  };
}

function mountHealth(parts: MountParts, station: Station, watch: Watch, slow: number): MountHealth {
  const { mount, audience } = parts;
  const playlist = mount.player?.tracks ?? NO_TRACKS;
  const members = someMembers(parts, 0, ADDRESSES);
  return {
    path: mount.path,
    hasDefaultPassword: mount.config.sourcePassword.isDefault,
    onAir: mount.onAir?.kind ?? "silence",
    onAirSeconds: secondsSince(mount.onAirMs, station),
    listeners: audience.count,
    maxListeners: mount.config.maxListeners,
    slowLately: slow,
    burstSeconds: mount.config.buffer.burstSeconds,
    source: sourceHealth(parts, station, watch),
    playlist: {
      directory: mount.config.playlist.directory,
      isKnown: playlist.isKnown,
      tracks: playlist.count,
      unreadable: playlist.unreadable,
      unreadableCount: playlist.unreadableCount,
      skipped: playlist.reasons,
      skippedCount: playlist.skippedCount,
      passedOver: playlist.passedOver,
      tooDeep: playlist.tooDeep,
      isCutOff: playlist.isCutOff,
      unansweredSeconds: playlist.unansweredSeconds,
    },
    lookedAt: {
      count: members.length,
      forwarded: members.filter(({ client }) => client.isForwarded === true).length,
      addresses: new Set(members.map(({ client }) => client.address)),
    },
  };
}

export function doctorFacts(station: Station, watch: Watch): DoctorFacts {
  const { config, sourcePort, shoutcastPort } = station;
  const lately = watch.lately();
  // Where the listen port is the next one, the program that has it is this station.
  const isOurs = config.server.listenPort === sourcePort + 1;
  const isMissing = config.server.sourcePort !== 0 && shoutcastPort === null && !isOurs;
  const { accepted: _, ...refused } = lately.sources;
  return {
    warnings: config.warnings,
    hasDefaultAdmin: config.server.admin?.password.isDefault ?? false,
    missingPort: isMissing ? sourcePort + 1 : null,
    lateMs: station.traffic(0).lateness.p99Ms,
    lateMinutes: LATE_MINUTES,
    failedLoginsLately: lately.failedLogins,
    refusedLately: new Map(Object.entries(refused)),
    mounts: station.all.map((parts) =>
      mountHealth(parts, station, watch, lately.slow.get(parts.mount.path) ?? 0),
    ),
  };
}
