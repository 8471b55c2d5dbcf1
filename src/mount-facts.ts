// Gathers the facts about one mount from its parts.
import type { Fallbacks } from "./output/audience/fallbacks.ts";
import type { Listener } from "./output/audience/listener.ts";
import type { OpaqueIds } from "./output/audience/opaque-ids.ts";
import { titleLine } from "./mount/metadata.ts";
import type { Mount } from "./mount/mount.ts";
import type { Airing } from "./mount/timeline.ts";
import type { MountParts } from "./mounts.ts";
import type { ListenerState } from "./native/broadcaster.ts";
import type { Artworks } from "./input/playlist/artworks.ts";
import type {
  AdminFacts,
  AdminMountFacts,
  AiringFacts,
  BufferFacts,
  AudienceCounts,
  ListenerFacts,
  MemberFacts,
  MountFacts,
  TimelineFacts,
  TrafficFacts,
} from "./stats/facts.ts";

/** One moment on both clocks. */
export interface Moment {
  readonly nowMs: number;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
}

export function mountFacts(parts: MountParts, { nowMs, wallMs }: Moment): MountFacts {
  const { mount, audience } = parts;
  const { stationName, stationDescription, stationGenre, stationUrl } = mount.config.metadata;
  const { onAir, live, heard } = mount;
  const kind = onAir?.kind ?? "silence";
  const garbage = live?.feed?.garbageBytes ?? 0;
  const timeline = timelineFacts(parts);
  const airing = timeline.airings.findLast((one) => one.fromSeconds <= timeline.joinSeconds);
  return {
    path: mount.path,
    stationName,
    stationDescription,
    stationGenre,
    stationUrl,
    hasSource: live !== null,
    onAir: kind,
    ...heard,
    dj: airing?.dj ?? "",
    artworkId: airing?.artworkId ?? null,
    titleLine: titleLine(heard),
    format: onAir?.format ?? mount.format,
    contentType: audience.contentType,
    isUp: live !== null || (onAir !== null && !onAir.isFiller),
    sinceMs: wallMs - (nowMs - mount.onAirMs),
    bitrate: onAir?.bitrate ?? 0,
    listeners: audience.count,
    listenerPeak: audience.peak,
    maxListeners: mount.config.maxListeners,
    slowListeners: audience.slow,
    garbageBytes: mount.garbageBytes + garbage,
    tracks: mount.player?.tracks.count ?? 0,
    timeline,
  };
}

/** Titles on a mount's page: the most recent ones heard. */
const RECENT = 12;

/** Chromium's User-Agent: its burst may be longer. */
const CHROMIUM = { userAgent: "Chrome/1" };

function timelineFacts({ mount, audience, artworks }: MountParts): TimelineFacts {
  const { writtenSeconds: headSeconds, joinSeconds, timeline, config } = mount;
  const { stationName } = config.metadata;
  const heard = timeline.airings.filter(({ fromSeconds }) => fromSeconds <= joinSeconds);
  const airings = timeline.airings
    .slice(Math.max(0, heard.length - RECENT))
    .map((airing) => airingFacts(airing, stationName, artworks));
  const chromiumBurstSeconds = audience.burstSecondsFor(CHROMIUM);
  const chromiumJoinSeconds = mount.joinSecondsOf(chromiumBurstSeconds);
  const chromium = { chromiumJoinSeconds, chromiumBurstSeconds };
  return {
    headSeconds,
    joinSeconds,
    burstSeconds: config.buffer.burstSeconds,
    ...chromium,
    airings,
  };
}

function airingFacts(airing: Airing, stationName: string, artworks: Artworks): AiringFacts {
  const { fromSeconds, kind, metadata } = airing;
  const dj = djName(airing.showName, stationName);
  return { fromSeconds, onAir: kind, dj, ...metadata, artworkId: artworks.idOf(airing) };
}

/** Default names that encoders send if none is set. */
const UNNAMED =
  /^(\(?null\)?|no name|untitled|unknown|(unnamed|unspecified|default)\b.*|(this is )?my (station|radio|server|stream)( name)?)$/i;

/** A show named like the station does not name a DJ. */
function djName(showName: string, stationName: string): string {
  const name = showName.trim();
  return name === stationName || UNNAMED.test(name) ? "" : name;
}

/** `fallback`: the path of the mount's fallback, or "". */
function adminMountFacts({ mount, audience }: MountParts, fallback: string): AdminMountFacts {
  const feed = mount.live?.feed;
  return {
    sourceAddress: feed?.client.address ?? "",
    sourceUserAgent: feed?.client.userAgent ?? "",
    receivedBytes: feed?.receivedBytes ?? 0,
    garbageBytes: feed?.garbageBytes ?? 0,
    sentBytes: audience.sentBytes,
    joined: audience.joined,
    fallback,
  };
}

/** Counters and source addresses, for the admin only. `counts`: source logins by outcome. */
export function adminFacts(
  all: readonly MountParts[],
  fallbacks: Fallbacks,
  counts: Readonly<Partial<Record<string, number>>>,
): AdminFacts {
  const mounts = all.map((parts) => {
    const fallback = fallbacks.of(parts.audience)?.mount.path ?? "";
    return [parts.mount.path, adminMountFacts(parts, fallback)] as const;
  });
  return {
    mounts: new Map(mounts),
    sourceTries: Object.values(counts).reduce<number>((sum, count = 0) => sum + count, 0),
    sourcesAccepted: counts.accepted ?? 0,
  };
}

/** The listeners of one mount with their addresses, for the admin only. */
export function memberFacts({ audience }: MountParts, nowMs: number): MemberFacts[] {
  return [...audience.members()].map(({ number, client, joinedMs }) => ({
    number,
    address: client.address,
    userAgent: client.userAgent,
    connectedSeconds: (nowMs - joinedMs) / 1000,
  }));
}

interface Look {
  /** Index of the first listener, counted over all mounts from 0. */
  readonly from: number;
  readonly limit: number;
  readonly ids: OpaqueIds;
  readonly nowMs: number;
}

/** The listeners and counters of all mounts, with one page of listeners. */
export function trafficFacts(
  all: readonly MountParts[],
  { from, limit, ids, nowMs }: Look,
): Pick<TrafficFacts, "listeners" | "totalListeners" | "totalBytesSent" | "buffers"> {
  const listeners = someListeners(all, from, limit).flatMap(
    ([parts, listener]): ListenerFacts[] => {
      const state = parts.audience.stateOf(listener);
      const id = ids.of(listener);
      return state === null ? [] : [listenerFacts(parts, listener, state, { id, nowMs })];
    },
  );
  return {
    listeners,
    totalListeners: all.reduce((sum, { audience }) => sum + audience.count, 0),
    totalBytesSent: all.reduce((sum, { audience }) => sum + audience.sentBytes, 0),
    buffers: new Map(all.map(({ mount }) => [mount.path, bufferFacts(mount)] as const)),
  };
}

/** A range of listeners, without the core's state, which costs a call each. */
function someListeners(
  mounts: readonly MountParts[],
  from: number,
  limit: number,
): [MountParts, Listener][] {
  const some: [MountParts, Listener][] = [];
  let place = 0;
  for (const parts of mounts) {
    for (const listener of parts.audience.members()) {
      if (some.length >= limit) return some;
      if (place++ >= from) some.push([parts, listener]);
    }
  }
  return some;
}

/** `id`: its name where the address must not be shown. */
function listenerFacts(
  { mount }: MountParts,
  { joinedMs }: Listener,
  { sentBytes, lagSeconds, isBlocked }: ListenerState,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): ListenerFacts {
  return {
    id,
    mount: mount.path,
    sentBytes,
    connectedSeconds: (nowMs - joinedMs) / 1000,
    lagSeconds,
    isActive: !isBlocked,
  };
}

export function audienceCounts({ audience }: MountParts): AudienceCounts {
  const { joined, capacity, addresses } = audience;
  return { unique: addresses, averageSeconds: audience.averageSeconds(), joined, capacity };
}

function bufferFacts({ ring }: Mount): BufferFacts {
  const available = ring.head - ring.tail;
  return { available, space: ring.capacity - available };
}

/** Names per warning; the log lists all of them with reasons. */
const MAX_NAMES = 5;

export function skippedWarnings({ mount }: MountParts): string[] {
  const skipped = [...(mount.player?.tracks.reasons.keys() ?? [])];
  if (skipped.length === 0) return [];
  const more = skipped.length > MAX_NAMES ? `, and ${skipped.length - MAX_NAMES} more` : "";
  const names = skipped.slice(0, MAX_NAMES).join(", ");
  return [`The playlist of ${mount.path} skips ${names}${more}: the log says why.`];
}
