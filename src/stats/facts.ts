// The facts about a running station, from which every status page and API answer is rendered.
import type { StreamFormat } from "../format/frame.ts";

export interface ListenerFacts {
  /** Opaque: does not reveal the address. */
  readonly id: string;
  readonly mount: string;
  readonly sentBytes: number;
  readonly connectedSeconds: number;
  /** Seconds of audio not sent to it yet. */
  readonly lagSeconds: number;
  /** It accepts what it is sent. */
  readonly isActive: boolean;
}

/** A stretch of the timeline with one title. */
export interface AiringFacts {
  /** Where it begins on the timeline. */
  readonly fromSeconds: number;
  readonly onAir: string;
  /** The name the source gives its show or DJ, or "". */
  readonly dj: string;
  readonly artist: string;
  readonly title: string;
  /** null if the track has no picture. */
  readonly artworkId: string | null;
}

/** A mount's audio in seconds since the start; a position on it identifies what is playing. */
export interface TimelineFacts {
  /** The position being written. */
  readonly headSeconds: number;
  /** Where a new listener begins: a burst behind the head, or less if less is held. */
  readonly joinSeconds: number;
  readonly burstSeconds: number;
  /** The same for Chromium, which needs more audio at a low bitrate before it plays. */
  readonly chromiumJoinSeconds: number;
  readonly chromiumBurstSeconds: number;
  /** In timeline order; the burst position may not have reached the last one yet. */
  readonly airings: readonly AiringFacts[];
}

export interface MountFacts {
  readonly path: string;
  readonly stationName: string;
  readonly stationDescription: string;
  readonly stationGenre: string;
  readonly stationUrl: string;
  /** A source client is logged in. */
  readonly hasSource: boolean;
  /** What is on air: "live", "playlist" or "silence". */
  readonly onAir: string;
  readonly artist: string;
  readonly title: string;
  /** The name the source gives its show or DJ, or "". */
  readonly dj: string;
  readonly artworkId: string | null;
  /** Artist and title in one line, as players show them. */
  readonly titleLine: string;
  readonly format: StreamFormat | null;
  /** The Content-Type sent to listeners. */
  readonly contentType: string;
  /** A source client is logged in, or something other than silence is on air. */
  readonly isUp: boolean;
  /** Start of the current input in milliseconds since 1970. */
  readonly sinceMs: number;
  /** kbit/s */
  readonly bitrate: number;
  readonly listeners: number;
  readonly listenerPeak: number;
  /** 0 is no limit. */
  readonly maxListeners: number;
  readonly slowListeners: number;
  /** Non-audio bytes received from its sources since the start. */
  readonly garbageBytes: number;
  readonly tracks: number;
  readonly timeline: TimelineFacts;
}

export interface BufferFacts {
  /** Bytes held, and bytes left until the ring first wraps. */
  readonly available: number;
  readonly space: number;
}

export interface StationFacts {
  readonly version: string;
  readonly uptimeSeconds: number;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** Sentences about settings that the admin should change. */
  readonly warnings: readonly string[];
  /** The first is the station's main mount. */
  readonly mounts: readonly [MountFacts, ...MountFacts[]];
}

/** Counters of the data plane, and one page of listeners. */
export interface TrafficFacts {
  /** One page of listeners. */
  readonly listeners: readonly ListenerFacts[];
  readonly totalListeners: number;
  readonly totalBytesSent: number;
  readonly buffers: ReadonlyMap<string, BufferFacts>;
  /** Source logins: accepted, and refused by reason. */
  readonly sources: Readonly<Record<string, number>>;
  /** Requests for /admin with wrong credentials. */
  readonly failedLogins: number;
  /** Event-loop lag over the last 10 to 20 s. */
  readonly lateness: { readonly p99Ms: number; readonly maxMs: number };
}

/** A listener as the admin sees it, with its address: for admin views only. */
export interface MemberFacts {
  readonly number: number;
  readonly address: string;
  readonly userAgent: string;
  readonly connectedSeconds: number;
}

/** Totals over the listeners of one mount, without addresses. */
export interface AudienceCounts {
  /** Distinct addresses. */
  readonly unique: number;
  readonly averageSeconds: number;
  /** Listeners since the start. */
  readonly joined: number;
  /** The most listeners the mount can take. */
  readonly capacity: number;
}

/** Facts about a mount for the admin only. */
export interface AdminMountFacts {
  /** "" if there is no source client. */
  readonly sourceAddress: string;
  readonly sourceUserAgent: string;
  readonly receivedBytes: number;
  /** The non-audio part of them. */
  readonly garbageBytes: number;
  readonly sentBytes: number;
  readonly joined: number;
  /** The mount its listeners move to when nothing plays here, or "". */
  readonly fallback: string;
}

export interface AdminFacts {
  readonly mounts: ReadonlyMap<string, AdminMountFacts>;
  /** Source logins, and how many of them succeeded. */
  readonly sourceTries: number;
  readonly sourcesAccepted: number;
}
