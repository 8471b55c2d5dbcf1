// What is known of one mount: gathered from all that belongs to it, for the tree of facts.
import type { Audience } from "./listener/audience.ts";
import { titleLine } from "./mount/metadata.ts";
import type { Mount } from "./mount/mount.ts";
import type { PlaylistFeeder } from "./source/feeder.ts";
import { LiveSource } from "./source/live.ts";
import type {
  AdminMountFacts,
  BufferFacts,
  CrowdFacts,
  MemberFacts,
  MountFacts,
} from "./stats/facts.ts";

/** A mount with everything that belongs to it. */
export interface MountParts {
  readonly mount: Mount;
  readonly audience: Audience;
  readonly feeder: PlaylistFeeder;
}

/** One moment on both clocks. */
export interface Moment {
  readonly nowMs: number;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
}

export function mountFacts(parts: MountParts, { nowMs, wallMs }: Moment): MountFacts {
  const { mount, audience, feeder } = parts;
  const { stationName, stationDescription, stationGenre, stationUrl } = mount.config.metadata;
  const { onAir, live, heard } = mount;
  const kind = onAir?.kind ?? "silence";
  return {
    path: mount.path,
    stationName,
    stationDescription,
    stationGenre,
    stationUrl,
    hasSource: live !== null,
    onAir: kind,
    ...heard,
    titleLine: titleLine(heard),
    format: onAir?.format ?? mount.format,
    contentType: audience.contentType,
    isUp: live !== null || kind !== "silence",
    sinceMs: wallMs - (nowMs - mount.onAirMs),
    bitrate: onAir?.bitrate ?? 0,
    listeners: audience.count,
    listenerPeak: audience.peak,
    maxListeners: mount.config.maxListeners,
    slowListeners: audience.slow,
    tracks: feeder.playlist.count,
  };
}

/** `fallback`: the path of the mount's fallback, or "". */
export function adminMountFacts(
  { mount, audience }: MountParts,
  fallback: string,
): AdminMountFacts {
  const live = mount.live instanceof LiveSource ? mount.live : null;
  return {
    sourceAddress: live?.client.address ?? "",
    sourceUserAgent: live?.client.userAgent ?? "",
    receivedBytes: live?.receivedBytes ?? 0,
    sentBytes: audience.sentBytes,
    joined: audience.joined,
    fallback,
  };
}

/** The listeners of one mount with their addresses; for the keeper only. */
export function memberFacts({ audience }: MountParts, nowMs: number): MemberFacts[] {
  return [...audience.members()].map(({ number, visitor, joinedMs }) => ({
    number,
    address: visitor.address,
    userAgent: visitor.userAgent,
    connectedSeconds: (nowMs - joinedMs) / 1000,
  }));
}

export function crowdFacts({ audience }: MountParts): CrowdFacts {
  const { joined, capacity, addresses } = audience;
  return { unique: addresses, averageSeconds: audience.averageSeconds(), joined, capacity };
}

export function bufferFacts({ ring }: Mount): BufferFacts {
  const available = ring.head - ring.tail;
  return { available, space: ring.capacity - available };
}
