// Messages across threads between a library and the mounts that play from it.
import type { PlaylistFormat } from "../config/schema.ts";
import type { Call } from "../disk/call.ts";
import type { StreamFormat } from "../format/frame.ts";
import type { Kept, Played } from "./catalogue-calls.ts";
import type { Place } from "./order.ts";
import type { Row } from "./row.ts";
import type { Tags } from "./tags.ts";

/** What a mount plays, from which folder. */
export interface Choice {
  /** The mount's path: each mount has its own order. */
  readonly mount: string;
  readonly directory: string;
  readonly extensions: readonly string[];
  readonly shuffle: boolean;
  /** Tracks between two of one artist when shuffled. */
  readonly artistSeparation: number;
  readonly format: PlaylistFormat;
  /** The only format the mount accepts; null: the majority of the playing time. */
  readonly required: StreamFormat | null;
}

export type LibraryCall = Call &
  (
    | { readonly call: "look"; readonly choice: Choice }
    | { readonly call: "next"; readonly choice: Choice }
    | { readonly call: "measure"; readonly choice: Choice }
    /** The last result of next() failed permanently. */
    | { readonly call: "reject"; readonly choice: Choice; readonly why: string }
    /** What the catalogue knows about some files. */
    | { readonly call: "recall"; readonly choice: Choice; readonly rows: readonly Row[] }
    /** Where the order was before a restart. */
    | {
        readonly call: "restore";
        readonly choice: Choice;
        readonly kept: Kept;
        readonly played: Played;
      }
    /** The catalogue was emptied: everything is sent again. */
    | { readonly call: "resend"; readonly choice: Choice }
  );

/** A track to play. */
export interface Chosen {
  readonly path: string;
  /** null until it is measured. */
  readonly tags: Tags | null;
  readonly seconds: number | null;
  readonly content: string;
  /** Where the order is with it. */
  readonly place: Place;
}

/** Files with the same reason to be skipped. */
export interface Skipped {
  readonly why: string;
  readonly count: number;
  /** The first ones by name. */
  readonly names: readonly string[];
}

/** Names listed per reason. */
export const MAX_NAMES = 5;

export interface LibraryState {
  /** Files that are, or may be, playable. */
  readonly count: number;
  readonly skippedCount: number;
  /** Skipped files with reasons; possibly truncated. */
  readonly skipped: readonly (readonly [name: string, why: string])[];
  /** Skipped files that were not reported yet. */
  readonly newlySkipped: readonly Skipped[];
  /** Unreadable folders with the system's error code; possibly truncated. */
  readonly unreadable: readonly (readonly [folder: string, code: string])[];
  readonly unreadableCount: number;
  readonly passedOver: readonly (readonly [ending: string, count: number])[];
  readonly tooDeep: readonly string[];
  readonly isCutOff: boolean;
  /** The next files, by name. */
  readonly upcoming: readonly string[];
  /** The format that plays here; null while unknown. */
  readonly format: StreamFormat | null;
  /** All files have been measured. */
  readonly isMeasured: boolean;
  /** For the catalogue. */
  readonly news: { readonly rows: readonly Row[]; readonly gone: readonly string[] };
}

export const NO_STATE: LibraryState = {
  count: 0,
  skippedCount: 0,
  skipped: [],
  newlySkipped: [],
  unreadable: [],
  unreadableCount: 0,
  passedOver: [],
  tooDeep: [],
  isCutOff: false,
  upcoming: [],
  format: null,
  isMeasured: true,
  news: { rows: [], gone: [] },
};

/** Not done: repeating the call continues where this one stopped. */
export type LibraryReply =
  | { readonly isDone: false }
  | { readonly isDone: true; readonly chosen: Chosen | null; readonly state: LibraryState };
