// Listeners over hours, days and months, and over the hours of a week.
import type { Database } from "bun:sqlite";
import { STATION } from "./ledger.ts";
import type { Point, Range, SeriesQuestion, Step, Week, WeekQuestion } from "./questions.ts";
import { all, number, numberOrNull, one } from "./rows.ts";
import type { Source } from "./source.ts";
import { dayOf, hourOf, HOUR_MS } from "./times.ts";

/** -1 if the mount is unknown. */
export function mountId(database: Database, path: string): number {
  if (path === "") return STATION;
  return number(one(database, "SELECT id FROM mount WHERE path = ?", [path])?.["id"] ?? -1);
}

const BEGIN_OF: Readonly<Record<Step, (ms: number) => number>> = {
  hour: hourOf,
  day: dayOf,
  month: (ms) => {
    const date = new Date(dayOf(ms));
    date.setDate(1);
    return date.getTime();
  },
};

/** Without the steps in which nobody listened. */
export function seriesOf(database: Database, question: SeriesQuestion): Point[] {
  const beginOf = BEGIN_OF[question.step];
  const points = new Map<number, Point>();
  const firstMs = firstHour(database) ?? 0;
  for (const row of hoursOf(database, question)) {
    const atMs = beginOf(number(row["at_ms"]));
    const { seconds = 0, sessions = 0, peak = 0 } = points.get(atMs) ?? {};
    points.set(atMs, {
      atMs,
      sinceMs: Math.max(atMs, firstMs),
      seconds: seconds + number(row["seconds"]),
      sessions: sessions + number(row["sessions"]),
      peak: Math.max(peak, number(row["peak"])),
      unique: null,
    });
  }
  if (question.step === "hour") return [...points.values()];
  const unique = uniqueOf(database, question, beginOf);
  return [...points.values()].map((point) => ({ ...point, unique: unique.get(point.atMs) ?? 0 }));
}

function hoursOf(database: Database, { mount, fromMs, toMs }: Range) {
  const sql = `SELECT at_ms, seconds, sessions, peak FROM sum
    WHERE mount = ? AND dimension = 'all' AND at_ms >= ? AND at_ms < ? ORDER BY at_ms`;
  return all(database, sql, [mountId(database, mount), fromMs, toMs]);
}

function uniqueOf(database: Database, range: Range, beginOf: (ms: number) => number) {
  const { mount, fromMs, toMs } = range;
  const sql = `SELECT day_ms, listeners FROM reach
    WHERE mount = ? AND dimension = 'all' AND day_ms >= ? AND day_ms < ?`;
  const sums = new Map<number, number>();
  for (const row of all(database, sql, [mountId(database, mount), dayOf(fromMs), toMs])) {
    const atMs = beginOf(number(row["day_ms"]));
    sums.set(atMs, (sums.get(atMs) ?? 0) + number(row["listeners"]));
  }
  return sums;
}

const HOURS_PER_DAY = 24;
const DAYS = 7;

/** Over the hours since the first that is known; the current one, and those to come, are left out. */
export function weekOf({ database, nowMs }: Source, asked: WeekQuestion): Week {
  const question = { ...asked, toMs: Math.min(asked.toMs, hourOf(nowMs)) };
  const seconds = emptyWeek();
  for (const row of hoursOf(database, question)) {
    const { day, hour } = placeOf(number(row["at_ms"]));
    const hours = seconds[day];
    if (hours !== undefined) hours[hour] = (hours[hour] ?? 0) + number(row["seconds"]);
  }
  const counts = hoursIn(database, question);
  return seconds.map((hours, day) =>
    hours.map((sum, hour) => {
      const count = counts[day]?.[hour] ?? 0;
      return count === 0 ? null : sum / 3600 / count;
    }),
  );
}

/** The first that the history knows; null if nobody has listened yet. */
function firstHour(database: Database): number | null {
  const sql = `SELECT min(at_ms) AS first FROM sum WHERE mount = ${STATION} AND dimension = 'all'`;
  return numberOrNull(one(database, sql)?.["first"]);
}

/** How often each hour of the week has passed. */
function hoursIn(database: Database, { fromMs, toMs }: Range): number[][] {
  const first = firstHour(database);
  const counts = emptyWeek();
  if (first === null) return counts;
  for (let ms = hourOf(Math.max(first, fromMs)); ms < toMs; ms += HOUR_MS) {
    const { day, hour } = placeOf(ms);
    const hours = counts[day];
    if (hours !== undefined) hours[hour] = (hours[hour] ?? 0) + 1;
  }
  return counts;
}

function emptyWeek(): number[][] {
  return Array.from({ length: DAYS }, () => Array<number>(HOURS_PER_DAY).fill(0));
}

/** Monday is day 0. */
function placeOf(ms: number) {
  const date = new Date(ms);
  return { day: (date.getDay() + DAYS - 1) % DAYS, hour: date.getHours() };
}
