// Messages across threads between a library and the mounts that play from it.
import type { Call } from "../disk/call.ts";
import type { StreamFormat } from "../format/frame.ts";
import type { Kept, Played } from "./catalogue-calls.ts";
import type { Analysis, Converted, Source, Target } from "./converter.ts";
import type { Playable } from "./entry.ts";
import type { FormatWish } from "./format-choice.ts";
import type { Place } from "./order.ts";
import type { Row } from "./row.ts";
import type { TrackInfo } from "./track-info.ts";

/** What a mount plays, from which folder. */
export interface Choice extends FormatWish {
  /** The mount's path: each mount has its own order. */
  readonly mount: string;
  readonly directory: string;
  /** A playlist file that is played instead, or "". */
  readonly file: string;
  readonly extensions: readonly string[];
  readonly shuffle: boolean;
  /** All files are measured: their loudness, and where they begin and end. */
  readonly isLevelled: boolean;
  /** Tracks between two of one artist when shuffled. */
  readonly artistSeparation: number;
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
    /** The converter's answers about a version of a file; `why`: it does not take the file. */
    | (Answer & { readonly call: "analysed"; readonly analysis: Analysis })
    | (Answer & Form & { readonly call: "converted"; readonly converted: Converted })
    | (Answer & Form & { readonly call: "refused"; readonly why: string })
    /** The catalogue was emptied: everything is sent again. */
    | { readonly call: "resend"; readonly choice: Choice }
  );

/** Files of the library that people look for. */
export type SearchCall = Call & {
  readonly call: "search";
  readonly choice: Choice;
  readonly text: string;
  readonly limit: number;
};

/** The path of a file that people named; null if the library has none of that name. `isNext`: it plays next. */
export type FindCall = Call & {
  readonly call: "find";
  readonly choice: Choice;
  readonly file: string;
  readonly isNext: boolean;
};

interface Answer {
  readonly choice: Choice;
  readonly source: Source;
}

interface Form {
  /** The copy's, as by formOf(); "" if the file cannot even be read. */
  readonly form: string;
}

/** What a converter should do, the most urgent first. */
export interface Work {
  /** null: nothing can be converted to the mount's format. */
  readonly target: Target | null;
  readonly convert: readonly Source[];
  readonly analyse: readonly Source[];
}

/** A track to play now. */
export interface Chosen extends Playable {
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

/** Some files, and their playing time as far as known. */
export interface Amount {
  readonly files: number;
  readonly seconds: number;
}

export const NO_FILES: Amount = { files: 0, seconds: 0 };

/** How much of a library is known. */
export interface Progress {
  readonly files: number;
  readonly measured: number;
  /** Playing time of the files that play, as far as known. */
  readonly seconds: number;
  /** Files whose loudness is still to be measured, and their playing time. */
  readonly toMeasure: Amount;
  /** Files that play only when they are converted, and are not yet. */
  readonly toConvert: Amount;
  /** By reason, those with most files first; possibly truncated. */
  readonly leftOut: readonly Skipped[];
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
  /** Playlist files that list what is not there. */
  readonly missing: readonly (readonly [
    name: string,
    some: { readonly count: number; readonly first: string },
  ])[];
  /** Files that are silent from end to end, by name: the first ones. */
  readonly silent: readonly string[];
  /** The next files, by name, and what is known about the first of them. */
  readonly upcoming: readonly string[];
  readonly ahead: readonly TrackInfo[];
  /** The path of the first one; null if there is none. */
  readonly next: string | null;
  /** The first one that can be played now, unless something changes; null if there is none. */
  readonly coming: Playable | null;
  readonly progress: Progress;
  /** The format that plays here; null while unknown. */
  readonly format: StreamFormat | null;
  /** All files have been measured. */
  readonly isMeasured: boolean;
  /** For the converter. */
  readonly work: Work;
  /** For the catalogue. */
  readonly news: { readonly rows: readonly Row[]; readonly gone: readonly string[] };
  /** There is more of it. */
  readonly hasNews: boolean;
}

export const NO_PROGRESS: Progress = {
  files: 0,
  measured: 0,
  seconds: 0,
  toMeasure: NO_FILES,
  toConvert: NO_FILES,
  leftOut: [],
};

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
  missing: [],
  silent: [],
  upcoming: [],
  ahead: [],
  next: null,
  coming: null,
  progress: NO_PROGRESS,
  format: null,
  isMeasured: true,
  work: { target: null, convert: [], analyse: [] },
  news: { rows: [], gone: [] },
  hasNews: false,
};

export interface LibraryReply {
  /** If not, repeating the call continues where this one stopped. */
  readonly isDone: boolean;
  readonly chosen: Chosen | null;
  /** null if nothing worth knowing has changed. */
  readonly state: LibraryState | null;
}
