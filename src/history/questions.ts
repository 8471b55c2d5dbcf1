// What can be asked of the history, and its answers. Times are milliseconds since 1970; mount "" is the whole station.
import type { Audited } from "./life.ts";

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

export interface Range {
  readonly mount: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The newest first. */
export interface PlayedQuestion {
  readonly query: "played";
  readonly mount: string;
  /** Only titles that began earlier. */
  readonly beforeMs: number;
  readonly limit: number;
}

/** Titles with their audience, the newest first. */
export interface PlaysQuestion extends Range {
  readonly query: "plays";
  /** Words of titles, artists, albums, shows and files; "" for all. */
  readonly search: string;
  readonly limit: number;
  readonly offset: number;
  /** For whole files: plays before this one in the list. */
  readonly before?: { readonly beganMs: number; readonly id: number };
}

export const STEPS = ["hour", "day", "month"] as const;
export type Step = (typeof STEPS)[number];

export interface SeriesQuestion extends Range {
  readonly query: "series";
  readonly step: Step;
}

/** A figure's listeners: listening seconds, sessions that began, the most at a time, different listeners. */
export interface Point {
  readonly atMs: number;
  readonly seconds: number;
  readonly sessions: number;
  readonly peak: number;
  /** Its begin, or that of the history. */
  readonly sinceMs: number;
  /** Different listeners of a day, or the sum over the days of a month; null for an hour. */
  readonly unique: number | null;
}

export const DIMENSIONS = [
  "title",
  "artist",
  "show",
  "player",
  "country",
  "door",
  "mount",
  "bot",
  "relay",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface TopQuestion extends Range {
  readonly query: "top";
  readonly dimension: Dimension;
  readonly limit: number;
}

export interface TopRow {
  /** [artist, title] in JSON for titles. */
  readonly name: string;
  readonly seconds: number;
  readonly sessions: number;
  readonly peak: number;
  /** Different listeners of each day, summed over the days. */
  readonly unique: number;
  /** How often it played; 0 for what does not play. */
  readonly plays: number;
  readonly tunedOut: number;
  /** Of titles: those listening as it began. */
  readonly atStart: number;
}

export interface WeekQuestion extends Range {
  readonly query: "week";
}

/** Average listeners by day of the week (Monday first) and hour; null where nothing is known. */
export type Week = readonly (readonly (number | null)[])[];

export interface CurveQuestion extends Range {
  readonly query: "curve";
  /** "" for all titles. */
  readonly artist: string;
  readonly title: string;
}

export interface Curve {
  readonly plays: number;
  /** Listening as it began. */
  readonly atStart: number;
  readonly stepSeconds: number;
  /** How many of them left in each step. */
  readonly leaving: readonly number[];
}

export interface SessionsQuestion extends Range {
  readonly query: "sessions";
  /** Words of players, countries, accounts and mounts; "" for all. */
  readonly search: string;
  /** The page's first row, and how many. */
  readonly offset: number;
  readonly limit: number;
  /** For whole files: rows before this one, uncounted, so that a page far back costs no more than the first. */
  readonly beforeId?: number;
}

export interface SessionRow {
  readonly id: number;
  readonly mount: string;
  /** The server of the cluster; "" for this one. */
  readonly node: string;
  readonly beganMs: number;
  /** null while it listens. */
  readonly endedMs: number | null;
  /** Heard; of one that listens, until now. */
  readonly seconds: number;
  readonly bytes: number;
  /** The same for one listener on one day. */
  readonly listener: string;
  readonly userAgent: string;
  readonly player: string;
  readonly kind: string;
  readonly country: string;
  readonly door: string;
  readonly user: string;
}

export interface SessionPage {
  /** 0 for those before a row. */
  readonly total: number;
  /** Where the rows before these follow (`beforeId`); null if there are none in the range. */
  readonly nextId: number | null;
  readonly rows: readonly SessionRow[];
}

/** What a restart brings back. */
export interface MemoryQuestion {
  readonly query: "memory";
  readonly sinceMs: number;
}

export interface Memory {
  /** By mount: the most listeners at a time, and sessions, since the history began. */
  readonly counters: readonly {
    readonly mount: string;
    readonly peak: number;
    readonly joined: number;
  }[];
  readonly minutes: readonly {
    readonly mount: string;
    readonly atMs: number;
    readonly listeners: number;
  }[];
}

/** ISO codes in the order of the addresses; "" for what is unknown. Nothing is written. */
export interface CountriesQuestion {
  readonly query: "countries";
  readonly addresses: readonly string[];
}

export type HistoryQuestion =
  | CountriesQuestion
  | PlayedQuestion
  | PlaysQuestion
  | SeriesQuestion
  | TopQuestion
  | WeekQuestion
  | CurveQuestion
  | SessionsQuestion
  | MemoryQuestion;

/** A title with its audience, as far as it has been heard. */
export interface HeardPlay extends Play {
  readonly sessions: number;
  readonly listeners: number;
  readonly listenedSeconds: number;
  readonly atStart: number;
  readonly atEnd: number;
  readonly joined: number;
  readonly left: number;
  readonly tunedOut: number;
  readonly peak: number;
  /** Sessions by country, as far as it is known. */
  readonly countries: Readonly<Record<string, number>>;
}

export interface Answers {
  readonly countries: readonly string[];
  readonly played: readonly Play[];
  readonly plays: readonly HeardPlay[];
  readonly series: readonly Point[];
  readonly top: readonly TopRow[];
  readonly week: Week;
  readonly curve: Curve;
  readonly sessions: SessionPage;
  readonly memory: Memory;
}

/** Figures that are not in the tables yet. */
export type OpenPlay = Audited & { readonly mount: number };
