// The doctor's input: a station's state as plain data.

/** trouble: listeners notice it. warning: they will, or strangers may. note: worth knowing. */
export type Severity = "trouble" | "warning" | "note";

export interface Finding {
  readonly severity: Severity;
  /** A mount's path, or "station". */
  readonly subject: string;
  readonly sentence: string;
  /** What the admin can do about it. */
  readonly remedy: string;
}

export interface Drift {
  /** 0.004: it sends 1004 s of audio in 1000 s of our clock; 0 without a steady drift. */
  readonly ratio: number;
  /** Length of the observation in seconds. */
  readonly seconds: number;
}

export interface SourceHealth {
  readonly sendingSeconds: number;
  /** kbit/s; 0 if not declared. */
  readonly declaredBitrate: number;
  /** kbit/s, averaged over its frames. */
  readonly measuredBitrate: number;
  /** null if not observed for long enough. */
  readonly drift: Drift | null;
}

export interface PlaylistHealth {
  readonly directory: string;
  /** False until the first look at the directory is complete: tracks may be there that are not counted yet. */
  readonly isKnown: boolean;
  readonly tracks: number;
  /** Unreadable folders, with the system's error code; possibly truncated. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly unreadableCount: number;
  /** Unplayable files with the reason; possibly truncated. */
  readonly skipped: ReadonlyMap<string, string>;
  readonly skippedCount: number;
  /** Number of files with other extensions, by extension. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** Folders nested too deep to be read; possibly truncated. */
  readonly tooDeep: readonly string[];
  /** The directory has more entries than the scan's limit. */
  readonly isCutOff: boolean;
  /** Seconds without an answer from the disk; 0 if it answers. */
  readonly unansweredSeconds: number;
}

/** The listeners in the sample, which is bounded. */
export interface LookedAt {
  readonly count: number;
  /** Listeners behind a proxy. */
  readonly forwarded: number;
  readonly addresses: ReadonlySet<string>;
}

export interface MountHealth {
  readonly path: string;
  readonly hasDefaultPassword: boolean;
  /** "live", "playlist" or "silence". */
  readonly onAir: string;
  readonly onAirSeconds: number;
  readonly listeners: number;
  /** 0 is no limit. */
  readonly maxListeners: number;
  /** Dropped or skipped ahead within the last `lateMinutes`. */
  readonly slowLately: number;
  readonly burstSeconds: number;
  readonly source: SourceHealth | null;
  readonly playlist: PlaylistHealth;
  readonly lookedAt: LookedAt;
}

export interface DoctorFacts {
  /** Warnings about the configuration itself. */
  readonly warnings: readonly string[];
  readonly hasDefaultAdmin: boolean;
  /** The port for SHOUTcast encoders if it could not be opened. */
  readonly missingPort: number | null;
  /** Event-loop lag in ms, 99th percentile. */
  readonly lateMs: number;
  /** The period that `lately` refers to, in minutes. */
  readonly lateMinutes: number;
  readonly failedLoginsLately: number;
  /** Refused source logins, by reason. */
  readonly refusedLately: ReadonlyMap<string, number>;
  readonly mounts: readonly MountHealth[];
}
