// The one tree of facts about a running station; every status surface is a rendering of it.
import type { StreamFormat } from "../format/frame.ts";

export interface ListenerFacts {
  /** Opaque; says nothing about the person. */
  readonly id: string;
  readonly mount: string;
  readonly sentBytes: number;
  readonly connectedSeconds: number;
  /** Seconds of audio it has not been sent yet. */
  readonly lagSeconds: number;
  /** It takes what it is sent. */
  readonly isActive: boolean;
}

/** Something that was on air, or is. */
export interface AiringFacts {
  /** Where on the timeline it begins. */
  readonly fromSeconds: number;
  readonly onAir: string;
  /** Who is live, as far as the source tells, or "". */
  readonly dj: string;
  readonly artist: string;
  readonly title: string;
  /** null: the track has no picture. */
  readonly artworkId: string | null;
}

/** A mount's audio counted in seconds since the start: who knows where a listener is on it knows what they hear. */
export interface TimelineFacts {
  /** What is written now. */
  readonly headSeconds: number;
  /** Where one begins who joins now: a burst before the head, or less where less can be given. */
  readonly joinSeconds: number;
  readonly burstSeconds: number;
  /** The same for Chromium, which needs more of a low bitrate before it plays. */
  readonly chromiumJoinSeconds: number;
  readonly chromiumBurstSeconds: number;
  /** In the order of their seconds; the last may not be heard yet. */
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
  /** Who is live, as far as the source tells, or "". */
  readonly dj: string;
  readonly artworkId: string | null;
  /** Both in one, as players show them. */
  readonly titleLine: string;
  readonly format: StreamFormat | null;
  /** As listeners are told it. */
  readonly contentType: string;
  /** Something else than silence plays, or a source client is logged in. */
  readonly isUp: boolean;
  /** Milliseconds since 1970 at which what is on air began. */
  readonly sinceMs: number;
  /** kbit/s */
  readonly bitrate: number;
  readonly listeners: number;
  readonly listenerPeak: number;
  /** 0 is no limit. */
  readonly maxListeners: number;
  readonly slowListeners: number;
  /** What its sources have sent since the start and was no audio. */
  readonly garbageBytes: number;
  readonly tracks: number;
  readonly timeline: TimelineFacts;
}

export interface BufferFacts {
  /** Bytes held, and bytes until the ring first wraps. */
  readonly available: number;
  readonly space: number;
}

export interface StationFacts {
  readonly version: string;
  readonly uptimeSeconds: number;
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** What its keeper should change, in sentences. */
  readonly warnings: readonly string[];
  /** The first is the station's own. */
  readonly mounts: readonly [MountFacts, ...MountFacts[]];
}

/** Counters of the data plane, and a look at some of the listeners. */
export interface TrafficFacts {
  /** One page of them. */
  readonly listeners: readonly ListenerFacts[];
  readonly totalListeners: number;
  readonly totalBytesSent: number;
  readonly buffers: ReadonlyMap<string, BufferFacts>;
  /** Source clients accepted, and refused by reason. */
  readonly sources: Readonly<Record<string, number>>;
  /** Requests for /admin with a wrong user name or password. */
  readonly failedLogins: number;
  /** How late the event loop came to its turns, in the last 10 to 20 s. */
  readonly lateness: { readonly p99Ms: number; readonly maxMs: number };
}

/** A listener as its keeper sees it: this has an address, so it never leaves the admin views. */
export interface MemberFacts {
  readonly number: number;
  readonly address: string;
  readonly userAgent: string;
  readonly connectedSeconds: number;
}

/** The listeners of one mount together, without naming anybody. */
export interface CrowdFacts {
  /** Addresses, of which each counts once. */
  readonly unique: number;
  readonly averageSeconds: number;
  /** Listeners since the start. */
  readonly joined: number;
  /** Places there are. */
  readonly capacity: number;
}

/** What only the keeper of the station may know of a mount. */
export interface AdminMountFacts {
  /** "" without a source client. */
  readonly sourceAddress: string;
  readonly sourceUserAgent: string;
  readonly receivedBytes: number;
  /** Of those, what was no audio. */
  readonly garbageBytes: number;
  readonly sentBytes: number;
  readonly joined: number;
  /** Where its listeners go when nothing plays here, or "". */
  readonly fallback: string;
}

export interface AdminFacts {
  readonly mounts: ReadonlyMap<string, AdminMountFacts>;
  /** Logins of source clients, and how many of them were let in. */
  readonly sourceTries: number;
  readonly sourcesAccepted: number;
}
