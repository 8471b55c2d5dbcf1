// The desk's answers, rendered from the facts.
import type { EdgeFacts } from "../../facts/edge-facts.ts";
import type { SourceLoudness } from "../../input/live/live-loudness.ts";
import type { MountFacts, StationFacts } from "../../facts/facts.ts";
import { renderClusterSummary } from "./cluster-render.ts";
import type { PushFacts } from "../../facts/push-facts.ts";
import type { WaitingFacts } from "../../facts/source-facts.ts";

export function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

function renderLoudness({ shortTerm, integrated, truePeak, why }: SourceLoudness) {
  const rounded = (value: number | null) => (value === null ? null : round(value, 1));
  return {
    short_term: rounded(shortTerm),
    integrated: rounded(integrated),
    true_peak: rounded(truePeak),
    why,
  };
}

function renderSource({ source }: MountFacts) {
  if (source === null) return null;
  const { drift } = source;
  return {
    id: source.number,
    address: source.address,
    user: source.user,
    user_agent: source.userAgent,
    sending_seconds: source.sendingSeconds,
    received_bytes: source.receivedBytes,
    bitrate: source.measuredBitrate,
    declared_bitrate: source.declaredBitrate,
    held: source.held,
    drift_percent: drift === null ? null : round(drift.ratio * 100, 3),
    loudness: renderLoudness(source.loudness),
  };
}

function renderWaiting(waiting: WaitingFacts) {
  const { number: id, address, user, userAgent, dj, sendingSeconds, held } = waiting;
  return { id, address, user, user_agent: userAgent, dj, sending_seconds: sendingSeconds, held };
}

function renderRelays({ inputs }: MountFacts) {
  const seconds = (ms: number | null) => (ms === null ? null : Math.ceil(ms / 1000));
  return inputs.flatMap(({ relay }) => {
    if (relay === undefined) return [];
    const { label: name, url, state, lastError, waitMs, downMs, connects, receivedBytes } = relay;
    const times = { next_try_seconds: seconds(waitMs), down_seconds: seconds(downMs) ?? 0 };
    const counts = { connects, received_bytes: receivedBytes };
    return [{ name, url, state, last_error: lastError, ...times, ...counts }];
  });
}

function renderFormat({ format, bitrate }: MountFacts) {
  if (format === null) return null;
  const { codec, sampleRate, channels } = format;
  return { codec, sample_rate: sampleRate, channels, bitrate };
}

function renderPush(push: PushFacts) {
  return {
    name: push.name,
    url: push.url,
    up: push.isUp,
    seconds: push.seconds,
    sent_bytes: push.sentBytes,
    dropped_seconds: round(push.droppedSeconds, 1),
    connections: push.connections,
    last_error: push.lastError || null,
  };
}

function renderMount(mount: MountFacts) {
  const { lag, written, playlist } = mount;
  return {
    mount: mount.path,
    station_name: mount.stationName,
    on_air: mount.onAir,
    on_air_seconds: mount.onAirSeconds,
    title: written.title,
    artist: written.artist,
    format: renderFormat(mount),
    listeners: mount.listeners,
    listeners_here: mount.listenersHere,
    relays_served: mount.relaysServed,
    unique_listeners: mount.unique,
    listener_peak: mount.listenerPeak,
    max_listeners: mount.maxListeners,
    joined: mount.joined,
    slow_listeners: mount.slowListeners,
    lag: {
      median_seconds: round(lag.medianSeconds),
      worst_seconds: round(lag.worstSeconds),
      looked_at: lag.lookedAt,
    },
    source: renderSource(mount),
    pushes: mount.pushes.map(renderPush),
    waiting: mount.waiting.map(renderWaiting),
    directory: { ...mount.listing },
    relays: renderRelays(mount),
    playlist: { tracks: playlist.files.count, file: playlist.heardFile },
  };
}

function renderEdge({ url, weight, isHealthy, why, listeners, lagSeconds }: EdgeFacts) {
  const lag_seconds = lagSeconds === null ? null : round(lagSeconds);
  return { url, weight, up: isHealthy, why, listeners, lag_seconds };
}

export function renderOverview(facts: StationFacts) {
  const { version, uptimeSeconds, startedMs, mounts } = facts;
  return {
    version,
    uptime_seconds: Math.floor(uptimeSeconds),
    started_at: Math.floor(startedMs / 1000),
    listeners: mounts.reduce((sum, { listeners }) => sum + listeners, 0),
    cluster: renderClusterSummary(facts),
    edges: facts.edges.map(renderEdge),
    mounts: mounts.map(renderMount),
  };
}
