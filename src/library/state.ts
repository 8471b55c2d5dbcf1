// What a library and the mount that plays from it tell each other across threads.
import type { PlaylistFormat } from "../config/schema.ts";
import type { Call } from "../disk/call.ts";
import type { StreamFormat } from "../format/frame.ts";

/** What a mount plays from which folder. */
export interface Choice {
  /** The mount's path: each has an order of its own. */
  readonly mount: string;
  readonly directory: string;
  readonly extensions: readonly string[];
  readonly shuffle: boolean;
  readonly format: PlaylistFormat;
  /** The mount takes no other; null: what most of the playing time is. */
  readonly required: StreamFormat | null;
}

export type LibraryCall = Call &
  (
    | { readonly call: "look"; readonly choice: Choice }
    | { readonly call: "next"; readonly choice: Choice }
    | { readonly call: "measure"; readonly choice: Choice }
    /** What next() gave last failed for good. */
    | { readonly call: "reject"; readonly choice: Choice; readonly why: string }
  );

/** Files with one reason not to play. */
export interface Skipped {
  readonly why: string;
  readonly count: number;
  /** The first by name. */
  readonly names: readonly string[];
}

/** Names told for one reason. */
export const NAMES_TOLD = 5;

export interface LibraryState {
  /** Files that play, or may. */
  readonly count: number;
  readonly skippedCount: number;
  /** Not all of many, each with its reason. */
  readonly skipped: readonly (readonly [name: string, why: string])[];
  /** Skipped and not told yet. */
  readonly untold: readonly Skipped[];
  readonly unreadable: readonly (readonly [folder: string, code: string])[];
  readonly passedOver: readonly (readonly [ending: string, count: number])[];
  readonly tooDeep: readonly string[];
  readonly isCutOff: boolean;
  /** Some of what next() gives, by name. */
  readonly upcoming: readonly string[];
  /** What plays here; null while nothing is known. */
  readonly format: StreamFormat | null;
  /** All files have been looked into. */
  readonly isMeasured: boolean;
}

export const NO_STATE: LibraryState = {
  count: 0,
  skippedCount: 0,
  skipped: [],
  untold: [],
  unreadable: [],
  passedOver: [],
  tooDeep: [],
  isCutOff: false,
  upcoming: [],
  format: null,
  isMeasured: true,
};

/** Not done: the same call goes on where this one stopped. */
export type LibraryReply =
  | { readonly isDone: false }
  | { readonly isDone: true; readonly path: string | null; readonly state: LibraryState };
