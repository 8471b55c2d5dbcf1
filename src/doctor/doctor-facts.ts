// What the doctor is told: a station's state in numbers and names, with nothing behind them.

/** trouble: listeners notice it. warning: they will, or strangers may. note: worth knowing. */
export type Severity = "trouble" | "warning" | "note";

export interface Finding {
  readonly severity: Severity;
  /** What it is about: a mount's path, or "station". */
  readonly subject: string;
  readonly sentence: string;
  /** What the keeper can do. */
  readonly remedy: string;
}

export interface Drift {
  /** 0.004: of 1000 s by our clock it sends 1004; 0 while nothing steady is seen. */
  readonly ratio: number;
  /** How long it has been watched. */
  readonly seconds: number;
}

export interface SourceHealth {
  readonly sendingSeconds: number;
  /** kbit/s; 0: it does not say. */
  readonly declaredBitrate: number;
  /** kbit/s, the average of its frames. */
  readonly measuredBitrate: number;
  /** null: not watched for long enough. */
  readonly drift: Drift | null;
}

export interface PlaylistHealth {
  readonly directory: string;
  /** False until the first look at the directory is complete: tracks may be there that are not counted yet. */
  readonly isKnown: boolean;
  readonly tracks: number;
  /** Folders that cannot be read, and the system's code for why. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** Files that cannot be played, and why; not all of many. */
  readonly skipped: ReadonlyMap<string, string>;
  readonly skippedCount: number;
  /** Files with other endings than the configured ones, counted by ending. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** Folders that are too deep to be entered; not all of many. */
  readonly tooDeep: readonly string[];
  /** The directory holds more than is looked at. */
  readonly isCutOff: boolean;
  /** How long the disk has not answered; 0: it does. */
  readonly unansweredSeconds: number;
}

/** Of the listeners that were looked at, which are not all of a crowd. */
export interface LookedAt {
  readonly count: number;
  /** Those for whom a proxy asks. */
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
  /** Dropped or skipped ahead within the last minutes. */
  readonly slowLately: number;
  readonly burstSeconds: number;
  readonly source: SourceHealth | null;
  readonly playlist: PlaylistHealth;
  readonly lookedAt: LookedAt;
}

export interface DoctorFacts {
  /** What the configuration itself complains of. */
  readonly warnings: readonly string[];
  readonly hasDefaultAdmin: boolean;
  /** Where SHOUTcast's encoders would log in, when that port could not be had. */
  readonly missingPort: number | null;
  /** How late the event loop comes to what is due: one turn of a hundred comes later. */
  readonly lateMs: number;
  /** What `lately` means, in minutes. */
  readonly lateMinutes: number;
  readonly failedLoginsLately: number;
  /** Source clients refused, by reason. */
  readonly refusedLately: ReadonlyMap<string, number>;
  readonly mounts: readonly MountHealth[];
}
