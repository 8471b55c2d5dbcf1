// The most heard titles, artists, shows, players, countries, ports and mounts.
import type { Database } from "bun:sqlite";
import type { Source } from "./source.ts";
import { figureName, STATION, titleNames } from "./ledger.ts";
import { inRange } from "./played.ts";
import type { TopQuestion, TopRow } from "./questions.ts";
import { all, number, one, type Row, text } from "./rows.ts";
import { mountId } from "./series.ts";
import { dayOf } from "./times.ts";

const NOTHING: Omit<TopRow, "name"> = {
  seconds: 0,
  sessions: 0,
  peak: 0,
  unique: 0,
  plays: 0,
  tunedOut: 0,
  atStart: 0,
};

/** By listening time. */
export function topOf(source: Source, question: TopQuestion): TopRow[] {
  const { dimension } = question;
  const isPlayed = dimension === "title" || dimension === "artist" || dimension === "show";
  const rows = isPlayed ? playedRows(source, question) : countedRows(source, question);
  const sorted = [...rows.values()].sort((a, b) => b.seconds - a.seconds || b.plays - a.plays);
  return sorted.slice(0, question.limit);
}

function rowOf(row: Row): TopRow {
  return {
    name: text(row["name"]),
    seconds: number(row["seconds"]),
    sessions: number(row["sessions"]),
    peak: number(row["peak"]),
    unique: 0,
    plays: number(row["plays"]),
    tunedOut: number(row["tuned_out"]),
    atStart: number(row["at_start"]),
  };
}

const NAMES = {
  title: "json_array(artist, title)",
  artist: "artist",
  show: "CASE show WHEN '' THEN kind ELSE show END",
} as const;

const GROUPS = { title: "artist, title", artist: "artist", show: "1" } as const;

/** The index of titles has all plays: it pays where most of them are asked for. */
const BY_TITLE = "play INDEXED BY play_titles";
const LONG_SHARE = 0.2;

/** The range is a large part of what is known. */
function isLong(database: Database, { fromMs, toMs }: TopQuestion): boolean {
  const known = one(database, "SELECT min(began_ms) AS first, max(began_ms) AS last FROM play");
  const [first, last] = [number(known?.["first"]), number(known?.["last"])];
  const seconds = Math.min(toMs, last) - Math.max(fromMs, first);
  return seconds >= LONG_SHARE * (last - first);
}

function playedRows(source: Source, question: TopQuestion): Map<string, TopRow> {
  const { database, ledger, nowMs } = source;
  const dimension = question.dimension as keyof typeof NAMES;
  const mount = mountId(database, question.mount);
  const plays = dimension !== "show" && isLong(database, question) ? BY_TITLE : "play";
  const sql = `SELECT ${NAMES[dimension]} AS name, sum(listened) AS seconds, sum(sessions) AS sessions, max(peak) AS peak,
      count(*) AS plays, sum(tuned_out) AS tuned_out, sum(at_start) AS at_start FROM ${plays}
    WHERE (?1 = ${STATION} OR mount = ?1) AND began_ms >= ?2 AND began_ms < ?3 AND is_settled = 1 AND is_filler = 0
      AND (artist <> '' OR title <> '') GROUP BY ${GROUPS[dimension]}`;
  const settled = all(database, sql, [mount, question.fromMs, question.toMs]).map(rowOf);
  const rows = new Map(settled.map((row) => [row.name, row]));
  addReach(source, question, mount, rows);
  const uniques = new Map<string, Set<number>>();
  for (const open of ledger.open(nowMs)) {
    if (!inRange(open, mount, question)) continue;
    const [name] = titleNames(STATION, open.play).flatMap((full) => {
      const prefix = figureName(STATION, dimension, "");
      return full.startsWith(prefix) ? [full.slice(prefix.length)] : [];
    });
    if (name === undefined) continue;
    const before = rows.get(name) ?? { name, ...NOTHING };
    rows.set(name, {
      ...before,
      seconds: before.seconds + open.seconds,
      sessions: before.sessions + open.sessions,
      peak: Math.max(before.peak, open.peak),
      plays: before.plays + 1,
      tunedOut: before.tunedOut + open.tunedOut,
      atStart: before.atStart + open.atStart,
    });
    uniques.set(name, (uniques.get(name) ?? new Set()).union(open.uniques));
  }
  addOpenReach(source, question, mount, rows, uniques);
  return rows;
}

/** Those of open titles too, each listener once. */
function addOpenReach(
  { ledger, nowMs }: Source,
  { dimension }: TopQuestion,
  mount: number,
  rows: Map<string, TopRow>,
  uniques: ReadonlyMap<string, ReadonlySet<number>>,
): void {
  const today = dayOf(nowMs);
  for (const [name, more] of uniques) {
    const row = rows.get(name);
    if (row === undefined) continue;
    const key = figureName(mount, dimension, name);
    const settled = ledger.listenersOf(today, key, []);
    const all = ledger.listenersOf(today, key, more);
    rows.set(name, { ...row, unique: row.unique + all - settled });
  }
}

function countedRows(source: Source, question: TopQuestion): Map<string, TopRow> {
  const { database } = source;
  const { dimension, fromMs, toMs } = question;
  if (dimension === "mount") return mountRows(source, question);
  const mount = mountId(database, question.mount);
  const sql = `SELECT name, sum(seconds) AS seconds, sum(sessions) AS sessions, max(peak) AS peak FROM sum
    WHERE mount = ? AND dimension = ? AND at_ms >= ? AND at_ms < ? GROUP BY name`;
  const rows = all(database, sql, [mount, dimension, fromMs, toMs]).map(rowOf);
  const byName = new Map(rows.map((row) => [row.name, row]));
  addReach(source, question, mount, byName);
  return byName;
}

function mountRows({ database }: Source, { fromMs, toMs }: TopQuestion): Map<string, TopRow> {
  const sql = `SELECT path AS name, sum(seconds) AS seconds, sum(sessions) AS sessions, max(peak) AS peak
    FROM sum JOIN mount ON mount.id = sum.mount WHERE dimension = 'all' AND at_ms >= ? AND at_ms < ? GROUP BY path`;
  const rows = new Map(
    all(database, sql, [fromMs, toMs]).map((row) => [text(row["name"]), rowOf(row)]),
  );
  const unique = `SELECT path, sum(listeners) AS listeners FROM reach JOIN mount ON mount.id = reach.mount
    WHERE dimension = 'all' AND day_ms >= ? AND day_ms < ? GROUP BY path`;
  for (const { path, listeners } of all(database, unique, [dayOf(fromMs), toMs])) {
    const row = rows.get(text(path));
    if (row !== undefined) rows.set(row.name, { ...row, unique: number(listeners) });
  }
  return rows;
}

function addReach(
  { database }: Source,
  { dimension, fromMs, toMs }: TopQuestion,
  mount: number,
  rows: Map<string, TopRow>,
): void {
  const sql = `SELECT name, sum(listeners) AS listeners FROM reach
    WHERE mount = ? AND dimension = ? AND day_ms >= ? AND day_ms < ? GROUP BY name`;
  for (const { name, listeners } of all(database, sql, [mount, dimension, dayOf(fromMs), toMs])) {
    const row = rows.get(text(name));
    if (row !== undefined) rows.set(row.name, { ...row, unique: number(listeners) });
  }
}
