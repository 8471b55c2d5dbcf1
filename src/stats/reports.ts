// What was played as files: CSV, JSON, SoundExchange's report of use, and columns that a template names.
import type { HeardPlay, SessionRow } from "../history/questions.ts";

type Cell = string | number | null;

/** "2026-08-01" and "10:05:00" in the server's time zone. */
function dateOf(ms: number): string {
  const date = new Date(ms);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

function timeOf(ms: number): string {
  const date = new Date(ms);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** "0:04:05" */
function lengthOf(seconds: number | null): string {
  if (seconds === null) return "";
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  return `${Math.floor(whole / 3600)}:${parts.map((part) => String(part).padStart(2, "0")).join(":")}`;
}

function rounded(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds);
}

/** The columns that a template may name. */
export const COLUMNS: Readonly<Record<string, (play: HeardPlay) => Cell>> = {
  played_at: ({ beganMs }) => new Date(beganMs).toISOString(),
  date: ({ beganMs }) => dateOf(beganMs),
  time: ({ beganMs }) => timeOf(beganMs),
  mount: ({ mount }) => mount,
  artist: ({ artist }) => artist,
  title: ({ title }) => title,
  album: ({ album }) => album,
  show: ({ show }) => show,
  kind: ({ kind }) => kind,
  file: ({ file }) => file,
  played: ({ playedSeconds }) => lengthOf(playedSeconds),
  played_seconds: ({ playedSeconds }) => rounded(playedSeconds),
  duration: ({ seconds }) => lengthOf(seconds),
  duration_seconds: ({ seconds }) => rounded(seconds),
  sessions: ({ sessions }) => sessions,
  listeners: ({ listeners }) => listeners,
  listening_seconds: ({ listenedSeconds }) => rounded(listenedSeconds),
  listening_hours: ({ listenedSeconds }) => Math.round((listenedSeconds / 3600) * 1000) / 1000,
  at_start: ({ atStart }) => atStart,
  at_end: ({ atEnd }) => atEnd,
  joined: ({ joined }) => joined,
  left: ({ left }) => left,
  tuned_out: ({ tunedOut }) => tunedOut,
  peak: ({ peak }) => peak,
};

export interface Column {
  readonly name: string;
  /** The word above it. */
  readonly heading: string;
}

export const ALL_COLUMNS: readonly Column[] = Object.keys(COLUMNS).map((name) => {
  return { name, heading: name };
});

/** "date:Datum,time:Zeit,artist" as columns; null if one is not known. */
export function columnsOf(template: string): readonly Column[] | null {
  const columns = template.split(",").map((part) => {
    const [name = "", ...heading] = part.trim().split(":");
    return { name, heading: heading.join(":") || name };
  });
  return columns.every(({ name }) => Object.hasOwn(COLUMNS, name)) ? columns : null;
}

/** A cell that a spreadsheet would take for a formula is marked as text. */
function cellText(cell: Cell, separator: string): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const plain = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  const isPlain = !/["\r\n]/.test(plain) && !plain.includes(separator);
  return isPlain ? plain : `"${plain.replaceAll('"', '""')}"`;
}

export function csvLine(cells: readonly Cell[], separator = ","): string {
  return `${cells.map((cell) => cellText(cell, separator)).join(separator)}\r\n`;
}

export function playCells(play: HeardPlay, columns: readonly Column[]): Cell[] {
  return columns.map(({ name }) => COLUMNS[name]?.(play) ?? null);
}

export function playObject(play: HeardPlay): Record<string, Cell> {
  return Object.fromEntries(ALL_COLUMNS.map(({ name }) => [name, COLUMNS[name]?.(play) ?? null]));
}

export const SESSION_HEADINGS = [
  "began_at",
  "ended_at",
  "mount",
  "seconds",
  "bytes",
  "listener",
  "kind",
  "player",
  "user_agent",
  "country",
  "port",
  "account",
] as const;

/** Beside those, in a cluster. */
export const NODE_HEADING = "node";

export function sessionCells(row: SessionRow): Cell[] {
  return [
    new Date(row.beganMs).toISOString(),
    row.endedMs === null ? "" : new Date(row.endedMs).toISOString(),
    row.mount,
    Math.round(row.seconds),
    row.bytes,
    row.listener,
    row.kind,
    row.player,
    row.userAgent,
    row.country,
    row.door,
    row.user,
  ];
}

/** SoundExchange's report of use has text in ASCII between carets, and bars between the fields. */
export interface ReportOfUse {
  readonly service: string;
  /** The letter of 37 CFR 370.4: A for a non-subscription webcaster. */
  readonly category: string;
  /** Only performances to listeners of this country; "" for all. */
  readonly country: string;
}

const FIELDS = [
  "NAME_OF_SERVICE",
  "TRANSMISSION_CATEGORY",
  "FEATURED_ARTIST",
  "SOUND_RECORDING_TITLE",
  "ISRC",
  "ALBUM_TITLE",
  "MARKETING_LABEL",
  "ACTUAL_TOTAL_PERFORMANCES",
];

function ascii(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "");
  return plain.replace(/[^\x20-\x7e]|[|^]/g, " ").trim();
}

/** A performance is any portion of a recording that one listener heard. Nobody's are left out. */
export class SoundExchange {
  readonly #rows = new Map<string, { readonly play: HeardPlay; performances: number }>();

  constructor(private readonly report: ReportOfUse) {}

  add(play: HeardPlay): void {
    const { country } = this.report;
    const performances = country === "" ? play.sessions : (play.countries[country] ?? 0);
    const key = JSON.stringify([play.artist, play.title, play.album]);
    const row = this.#rows.get(key) ?? { play, performances: 0 };
    row.performances += performances;
    this.#rows.set(key, row);
  }

  text(): string {
    const { service, category } = this.report;
    const lines = [...this.#rows.values()].map(
      ({ play: { artist, title, album }, performances }) => {
        const texts = [service, category, artist, title, "", album, ""];
        return [...texts.map((text) => `^${ascii(text)}^`), performances].join("|");
      },
    );
    return [FIELDS.join("|"), ...lines].map((line) => `${line}\r\n`).join("");
  }
}
