// Pure renderings of the facts as API JSON; field names are those of the original Cycast.
import type {
  AiringFacts,
  BufferFacts,
  ListenerFacts,
  MountFacts,
  NextFacts,
  PlayFacts,
  StationFacts,
  TimelineFacts,
} from "../facts/facts.ts";

/** "2d 3h 12m 5s", without leading zero parts. */
export function formatUptime(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "m"],
    [whole % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first);
  return shown.map(([count, unit]) => `${count}${unit}`).join(" ");
}

function renderFormat(mount: MountFacts) {
  const { format, bitrate } = mount;
  if (format === null) return null;
  const { codec, sampleRate, channels } = format;
  return { codec, sample_rate: sampleRate, channels, bitrate };
}

function artworkUrl({ artworkId }: { readonly artworkId: string | null }): string | null {
  return artworkId === null ? null : `/artwork/${artworkId}`;
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function renderAiring(airing: AiringFacts) {
  const { fromSeconds, onAir, dj, title, artist, album, seconds, playedSeconds = 0 } = airing;
  return {
    ...(playedSeconds > 0 && { played_seconds: milliseconds(playedSeconds) }),
    from_seconds: milliseconds(fromSeconds),
    source_status: onAir,
    dj,
    title,
    artist,
    album,
    duration_seconds: seconds === null ? null : milliseconds(seconds),
    artwork_url: artworkUrl(airing),
  };
}

function renderTimeline(timeline: TimelineFacts) {
  return {
    head_seconds: milliseconds(timeline.headSeconds),
    join_seconds: milliseconds(timeline.joinSeconds),
    burst_seconds: timeline.burstSeconds,
    chromium_join_seconds: milliseconds(timeline.chromiumJoinSeconds),
    chromium_burst_seconds: milliseconds(timeline.chromiumBurstSeconds),
    rewind_limit_seconds: timeline.rewindLimitSeconds,
    recorded_seconds: Math.round(timeline.recordedSeconds),
    titles: timeline.airings.map(renderAiring),
    next: timeline.next === null ? null : renderNext(timeline.next),
  };
}

function renderNext(next: NextFacts) {
  const { title, artist, album, seconds } = next;
  const duration = seconds === null ? null : milliseconds(seconds);
  return { title, artist, album, duration_seconds: duration, artwork_url: artworkUrl(next) };
}

/** The track at the burst position, and the one behind it. */
function renderPlaying({ durationSeconds, elapsedSeconds, startedMs, next }: MountFacts) {
  return {
    duration_seconds: durationSeconds === null ? null : milliseconds(durationSeconds),
    elapsed_seconds: elapsedSeconds === null ? null : milliseconds(elapsedSeconds),
    started_at: startedMs === null ? null : new Date(startedMs).toISOString(),
    next: next === null ? null : renderNext(next),
  };
}

function renderSubstitute({ substitute }: MountFacts) {
  return substitute === null ? null : { mount: substitute.path, listeners: substitute.listeners };
}

/** Nothing for a mount without HLS. */
function renderHls({ hls }: MountFacts) {
  return hls === null ? {} : { hls: { url: hls.path, zero_ms: hls.zeroMs } };
}

function renderMount(mount: MountFacts) {
  return {
    mount: mount.path,
    group: mount.group,
    station_name: mount.stationName,
    station_description: mount.stationDescription,
    station_genre: mount.stationGenre,
    station_url: mount.stationUrl,
    source_connected: mount.hasSource,
    source_status: mount.onAir,
    substitute: renderSubstitute(mount),
    sources_waiting: mount.waiting.map(({ dj, held }) => ({ dj, held })),
    metadata: { title: mount.title, artist: mount.artist },
    album: mount.album,
    dj: mount.dj,
    artwork_url: artworkUrl(mount),
    ...renderPlaying(mount),
    format: renderFormat(mount),
    ...renderHls(mount),
    listeners: mount.listeners,
    listener_peak: mount.listenerPeak,
    playlist_tracks: mount.playlist.files.count,
    rewind_seconds: milliseconds(mount.timeline.rewindSeconds),
  };
}

/** One mount with its timeline. */
export function renderMountStatus(mount: MountFacts) {
  return { ...renderMount(mount), timeline: renderTimeline(mount.timeline) };
}

/** One play of a title on the mount `path`. */
export function renderPlay(play: PlayFacts, path: string) {
  const { id, startedMs, endedMs } = play;
  const { from_seconds, ...track } = renderAiring(play);
  return {
    id,
    mount: path,
    ...track,
    started_at: new Date(startedMs).toISOString(),
    ended_at: endedMs === null ? null : new Date(endedMs).toISOString(),
  };
}

/** `/api/status`: the first mount's fields at the top, as in the original, then all mounts. Warnings are for the admin's
 * own machine. */
export function renderStatus(facts: StationFacts, hasWarnings = true) {
  return {
    ...renderMount(facts.mounts[0]),
    uptime_seconds: Math.floor(facts.uptimeSeconds),
    uptime_formatted: formatUptime(facts.uptimeSeconds),
    mounts: facts.mounts.map(renderMountStatus),
    warnings: hasWarnings ? [...facts.warnings] : [],
    version: facts.version,
  };
}

function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

function renderListener(listener: ListenerFacts) {
  return {
    id: listener.id,
    mount: listener.mount,
    bytes_sent: listener.sentBytes,
    connected_seconds: Math.floor(listener.connectedSeconds),
    lag_seconds: toHundredths(listener.lagSeconds),
    active: listener.isActive,
  };
}

function renderBuffer(buffer: BufferFacts) {
  const capacity = buffer.available + buffer.space;
  const share = capacity === 0 ? 0 : buffer.available / capacity;
  return { ...buffer, fill_percentage: Math.round(share * 10_000) / 100 };
}

/** `/api/stats`: `buffer` is the first mount's, as in the original; `mounts` lists all of them. `page` counts from 1; the
 * sums include all listeners. */
export function renderStats(facts: StationFacts, limit: number, page = 1) {
  const { mounts, lateness } = facts;
  return {
    total_listeners: mounts.reduce((sum, { listeners }) => sum + listeners, 0),
    total_bytes_sent: mounts.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
    listeners: facts.listeners((page - 1) * limit, limit).map(renderListener),
    buffer: renderBuffer(mounts[0].buffer),
    mounts: mounts.map((mount) => ({
      mount: mount.path,
      listeners: mount.listeners,
      listener_peak: mount.listenerPeak,
      slow_listeners: mount.slowListeners,
      garbage_bytes: mount.garbageBytes,
      buffer: renderBuffer(mount.buffer),
    })),
    sources: { ...facts.sources },
    failed_logins: facts.failedLogins,
    late_ms: { p99: toHundredths(lateness.p99Ms), max: toHundredths(lateness.maxMs) },
    uptime_seconds: Math.floor(facts.uptimeSeconds),
  };
}
