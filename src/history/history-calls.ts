// Calls to the history's thread, and its replies.
import type { Call } from "../disk/call.ts";
import type { JournalEvent } from "../journal/journal.ts";

/** What a reload may change. */
export interface HistorySettings {
  /** Sessions that ended earlier are deleted. */
  readonly keepDays: number;
  /** The file of countries, or "". */
  readonly geoip: string;
}

/** A title that was heard. */
export interface Play {
  readonly id: number;
  readonly mount: string;
  /** When a listener at the burst position began to hear it, in milliseconds since 1970. */
  readonly beganMs: number;
  /** How long it was on; null while it is. */
  readonly playedSeconds: number | null;
  /** "live", "playlist", … */
  readonly kind: string;
  readonly show: string;
  readonly artist: string;
  readonly title: string;
  readonly album: string;
  /** Its file, or "". */
  readonly file: string;
  /** The playing time of its file; null if unknown. */
  readonly seconds: number | null;
}

/** The newest first. */
export interface PlayedQuery {
  readonly query: "played";
  readonly mount: string;
  /** Milliseconds since 1970; only titles that began earlier. */
  readonly beforeMs: number;
  readonly limit: number;
}

export type HistoryQuery = PlayedQuery;

export type HistoryCall = Call & { readonly history: string } & (
    | {
        readonly call: "write";
        readonly events: readonly JournalEvent[];
        readonly settings: HistorySettings;
        readonly nowMs: number;
      }
    | { readonly call: "query"; readonly question: HistoryQuery; readonly nowMs: number }
    /** The last call: everything is settled and the file closed. */
    | { readonly call: "finish"; readonly nowMs: number }
  );

export interface HistoryReply {
  readonly value: unknown;
  /** The new name of a damaged file, which was replaced by an empty one during the call. */
  readonly setAside: string | null;
}
