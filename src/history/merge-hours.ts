// Makes days of hours: figures of players, countries and the like are kept by the hour for a week, then by the day.
import type { Database } from "bun:sqlite";
import { all, number, numberOrNull, one, text } from "./rows.ts";
import { dayOf, nextDay } from "./times.ts";

const DAY_MS = 24 * 3600 * 1000;
const HOURS_KEPT_MS = 8 * DAY_MS;

/** The oldest day that is due, if there is one. Hours of all listeners stay. */
export function mergeHours(database: Database, nowMs: number): void {
  const merged = numberOrNull(
    one(database, "SELECT value FROM state WHERE name = 'merged_ms'")?.["value"],
  );
  const first = numberOrNull(
    one(database, "SELECT min(at_ms) AS first FROM sum WHERE at_ms >= ?", [merged ?? 0])?.["first"],
  );
  if (first === null) return;
  const day = dayOf(first);
  const next = nextDay(day);
  if (next > nowMs - HOURS_KEPT_MS) return;
  database.transaction(() => mergeDay(database, day, next))();
}

function mergeDay(database: Database, day: number, next: number): void {
  const range = "dimension <> 'all' AND at_ms >= ? AND at_ms < ?";
  const rows = all(
    database,
    `SELECT mount, dimension, name, sum(seconds) AS seconds, sum(sessions) AS sessions, max(peak) AS peak FROM sum
      WHERE ${range} GROUP BY mount, dimension, name`,
    [day, next],
  );
  database.run(`DELETE FROM sum WHERE ${range}`, [day, next]);
  const insert = database.query("INSERT INTO sum VALUES (?, ?, ?, ?, ?, ?, ?)");
  for (const row of rows)
    insert.run(
      number(row["mount"]),
      text(row["dimension"]),
      day,
      text(row["name"]),
      number(row["seconds"]),
      number(row["sessions"]),
      number(row["peak"]),
    );
  database.run("INSERT OR REPLACE INTO state VALUES ('merged_ms', ?)", [next]);
}
