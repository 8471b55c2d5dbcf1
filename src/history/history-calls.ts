// Calls to the history's thread, and its replies.
import type { Call } from "../disk/call.ts";
import type { HistoryQuestion } from "./questions.ts";

/** What a reload may change. */
export interface HistorySettings {
  /** Sessions that ended earlier are deleted. */
  readonly keepDays: number;
  /** The file of countries, or "". */
  readonly geoip: string;
}

export type HistoryCall = Call & { readonly history: string } & (
    | {
        readonly call: "write";
        /** JournalEvent[] as JSON: a clone of objects would take the station's thread three times as long. */
        readonly events: string;
        readonly settings: HistorySettings;
        readonly nowMs: number;
      }
    | { readonly call: "query"; readonly question: HistoryQuestion; readonly nowMs: number }
    /** The last call: everything is settled and the file closed. */
    | { readonly call: "finish"; readonly nowMs: number }
  );

export interface HistoryReply {
  readonly value: unknown;
  /** The new name of a damaged file, which was replaced by an empty one during the call. */
  readonly setAside: string | null;
  /** Why countries are unknown, a sentence without its end; "" if they are not, or nobody asks for them. */
  readonly geoipTrouble: string;
}
