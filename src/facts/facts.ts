// The tree of facts: a station as plain data, from which every page, API answer, statistic and finding is rendered.
// What a reader does not ask for is not collected, and what it asks for twice is collected once.
import type { ListingFacts } from "../directory/directory-listing.ts";
import type { Codec, StreamFormat } from "../format/frame.ts";
import type { ConverterState } from "../library/converter.ts";
import type {
  InputKind,
  ListedTrack,
  ScanProgress,
  TrackList,
  TrackSound,
} from "../mount/roles.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import type { DiskFacts } from "./disk-space.ts";
import type { EdgeFacts } from "./edge-facts.ts";
import type { ListenerFacts } from "./listener-facts.ts";
import type { InputFacts, MountCounters, SilentFacts, StationCounters } from "./counters.ts";
import type { RecordingFacts } from "./recording-facts.ts";
import type { HlsFacts } from "./hls-facts.ts";
import type { PushFacts } from "./push-facts.ts";
import type { SourceFacts, WaitingFacts } from "./source-facts.ts";

export type { ListenerFacts };

export interface StationFacts {
  readonly version: string;
  readonly uptimeSeconds: number;
  /** The start, and the moment of these facts, in milliseconds since 1970. */
  readonly startedMs: number;
  readonly nowMs: number;
  /** Sentences about settings and files that the admin should change. */
  readonly warnings: readonly string[];
  /** Those about the configuration itself. */
  readonly configWarnings: readonly string[];
  readonly hasDefaultAdmin: boolean;
  /** The source port is open: false before the start, and once the station stops. */
  readonly isListening: boolean;
  /** The port for SHOUTcast encoders if they cannot log in there. */
  readonly missingPort: number | null;
  /** The port after the source port is the listen port. */
  readonly isListenPortNext: boolean;
  /** Why no track can be converted at present: a sentence without its end, or null. */
  readonly conversionTrouble: string | null;
  /** null if nothing is converted or measured here. */
  readonly converter: ConverterState | null;
  /** The TLS certificate in use; null while TLS is off. */
  readonly certificate: CertificateFacts | null;
  /** The disks that the station writes to, as far as they have answered. */
  readonly disks: readonly DiskFacts[];
  /** The other servers of the cluster; null without one. */
  readonly cluster: ClusterFacts | null;
  /** In the order of the configuration. */
  readonly edges: readonly EdgeFacts[];
  /** In the order of the configuration. */
  readonly recordings: readonly RecordingFacts[];
  /** Source logins: accepted, and refused by reason. */
  readonly sources: Readonly<Record<string, number>>;
  /** HTTP requests for admin commands with wrong credentials. */
  readonly failedLogins: number;
  /** Event-loop lag over the last 10 to 20 s. */
  readonly lateness: { readonly p99Ms: number; readonly maxMs: number };
  readonly lately: LatelyFacts;
  readonly counters: StationCounters;
  /** The first is the station's main mount. */
  readonly mounts: readonly [MountFacts, ...MountFacts[]];
  /** One mount by its normalised path, without a look at the others. */
  mount(path: string): MountFacts | undefined;
  /** A range of the listeners, counted over all mounts from 0, in no particular order. */
  listeners(from: number, limit: number): ListenerFacts[];
}

export interface CertificateFacts {
  /** Its end in milliseconds since 1970. */
  readonly endMs: number;
  /** Why its files cannot replace it, a sentence without its end; null if they can. */
  readonly trouble: string | null;
}

/** Growth of counters within the last minutes. */
export interface LatelyFacts {
  readonly minutes: number;
  /** At the admin account, by whichever door. */
  readonly failedLogins: number;
  /** Source logins: accepted, and refused by reason. */
  readonly sources: Readonly<Record<string, number>>;
}

export interface MountFacts {
  readonly path: string;
  readonly stationName: string;
  readonly stationDescription: string;
  readonly stationGenre: string;
  readonly stationUrl: string;
  /** Its source password is the shipped one. */
  readonly hasDefaultPassword: boolean;
  /** The programme that it shares with other mounts, or "". */
  readonly group: string;
  /** The mount its listeners move to when nothing plays here, or "". */
  readonly fallback: string;

  /** Which mount its listeners hear while it has nothing to play, and how many of them; null if it plays, or if they hear
   * its silence. */
  readonly substitute: { readonly path: string; readonly listeners: number } | null;

  /** What it plays, if it has HLS by its configuration and this codec has none; else null. */
  readonly codecWithoutHls: Codec | null;

  /** Other servers that get its stream. */
  readonly pushes: readonly PushFacts[];

  /** A source client is logged in. */
  readonly hasSource: boolean;
  /** What is on air. */
  readonly onAir: InputKind;
  /** Its inputs, the highest priority first. */
  readonly inputs: readonly InputFacts[];
  /** Those that are connected and silent. */
  readonly silentInputs: readonly SilentFacts[];
  /** Start of the current input in milliseconds since 1970, and how long ago that was in whole seconds. */
  readonly sinceMs: number;
  readonly onAirSeconds: number;
  /** A source client is logged in, something other than silence is on air, or a relay begins with the next listener. */
  readonly isUp: boolean;
  /** What a listener who joined now would hear. */
  readonly artist: string;
  readonly title: string;
  /** "" if unknown. */
  readonly album: string;
  /** Playing time of its track, which null says is unknown or without an end. */
  readonly durationSeconds: number | null;
  /** How long it has been heard by the clock, and since when, in milliseconds since 1970; null for nothing. */
  readonly elapsedSeconds: number | null;
  readonly startedMs: number | null;
  /** What is heard after it; null while that is unknown. */
  readonly next: NextFacts | null;
  /** What is heard, as one play, silence included; null before the first audio. */
  readonly play: PlayFacts | null;
  /** Its place in the directory of stations. */
  readonly listing: ListingFacts;
  /** When the live source went on air, in milliseconds since 1970; null while none is. */
  readonly liveSinceMs: number | null;
  /** At most `count` titles that were heard, the newest first; `beforeMs`: only those that began earlier. */
  plays(count: number, beforeMs?: number): readonly PlayFacts[];
  /** Artist and title in one line, as players show them. */
  readonly titleLine: string;
  /** The name the source gives its show or DJ, or "". */
  readonly dj: string;
  readonly artworkId: string | null;
  /** What is written now: listeners hear it a burst later. */
  readonly written: { readonly artist: string; readonly title: string };
  readonly format: StreamFormat | null;
  /** The Content-Type sent to listeners. */
  readonly contentType: string;
  /** kbit/s */
  readonly bitrate: number;
  /** Non-audio bytes received from its sources since the start. */
  readonly garbageBytes: number;
  readonly source: SourceFacts | null;
  /** Further sources, which wait or may not be heard, in the order in which they would be. */
  readonly waiting: readonly WaitingFacts[];
  /** Sources that keep dropping, each by its account or its address. */
  readonly flapping: readonly string[];
  readonly playlist: PlaylistFacts;
  readonly buffer: BufferFacts;
  readonly timeline: TimelineFacts;

  /** null: it is not offered by HLS, or plays what has none. */
  readonly hls: HlsFacts | null;
  /** All listeners of the station, at its edges too. */
  readonly listeners: number;
  readonly listenersHere: number;
  /** At edges. */
  readonly listenersElsewhere: number;
  /** Servers that get the stream from here: their listeners are not counted here. */
  readonly relaysServed: number;
  readonly listenerPeak: number;
  /** 0 is no limit. */
  readonly maxListeners: number;
  /** The most listeners the mount can take. */
  readonly capacity: number;
  /** Listeners since the start. */
  readonly joined: number;
  /** Distinct addresses. */
  readonly unique: number;
  /** Average time its listeners have been connected. */
  readonly averageSeconds: number;
  /** Dropped or skipped ahead because they did not read, since the start and within the last minutes. */
  readonly slowListeners: number;
  readonly slowLately: number;
  /** Bytes offered to its listeners since the start. */
  readonly sentBytes: number;
  readonly lag: LagFacts;
  /** Listeners by the port they came by: "source" or "listen", "tls" for those that use TLS, or "hls". */
  readonly doors: Readonly<Record<string, number>>;
  readonly counters: MountCounters;
  /** At most `limit` of its listeners from the `from`th on, in no particular order. */
  some(from: number, limit: number): ListenerFacts[];
}

/** A track that follows. */
export interface NextFacts {
  readonly artist: string;
  readonly title: string;
  readonly album: string;
  readonly seconds: number | null;
  readonly artworkId: string | null;
}

export interface PlaylistFacts {
  readonly directory: string;
  readonly shuffle: boolean;
  readonly files: TrackList;
  /** The file at the burst position; null while another input is on air. */
  readonly heardFile: string | null;
  /** How it sounds. */
  readonly sound: TrackSound | null;
  /** Its title and artist. */
  readonly title: string;
  readonly artist: string;
  readonly progress: ScanProgress;
  /** At most `count` files that play next. */
  upcoming(count: number): string[];
  /** What is known about them. */
  ahead(count: number): readonly ListedTrack[];
}

export interface BufferFacts {
  /** Bytes held, and bytes left until the ring first wraps. */
  readonly available: number;
  readonly space: number;
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
  /** How far before the head listeners may begin: now, and at most. */
  readonly rewindSeconds: number;
  readonly rewindLimitSeconds: number;
  /** How far before the head recordings reach, at most a day. */
  readonly recordedSeconds: number;
  /** In timeline order; the burst position may not have reached the last one yet. */
  readonly airings: readonly AiringFacts[];
  /** The track behind the last of them; null while that is unknown. */
  readonly next: NextFacts | null;
}

/** A stretch of the timeline with one title. */
export interface AiringFacts {
  /** Where it begins on the timeline. */
  readonly fromSeconds: number;
  readonly onAir: InputKind;
  /** The name the source gives its show or DJ, or "". */
  readonly dj: string;
  readonly artist: string;
  readonly title: string;
  /** "" if unknown. */
  readonly album: string;
  /** Playing time of its track; null if unknown or without an end. */
  readonly seconds: number | null;
  /** How much of it was heard before an interruption after which it goes on. */
  readonly playedSeconds?: number;
  /** null if the track has no picture. */
  readonly artworkId: string | null;
}

/** A title that was heard, or is. */
export interface PlayFacts extends AiringFacts {
  /** Grows from play to play of a mount. */
  readonly id: number;
  /** In milliseconds since 1970; no two plays began at the same. */
  readonly startedMs: number;
  /** null while it is heard. */
  readonly endedMs: number | null;
}

/** Lag of a sample of the listeners, taken every 10 s. */
export interface LagFacts {
  readonly medianSeconds: number;
  readonly worstSeconds: number;
  /** Size of the sample. */
  readonly lookedAt: number;
}
