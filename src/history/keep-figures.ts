// Writes the figures of the current hour and day, and the audience of settled titles; deletes what is kept no longer.
import type { Database } from "bun:sqlite";
import type { Changes } from "./ledger.ts";
import type { Audited } from "./life.ts";
import { dayOf } from "./times.ts";

const DAY_MS = 24 * 3600 * 1000;

/** Rows deleted at a time: the next events wait for it. */
const MAX_DELETED = 2000;

/** All of it, or nothing. */
export function keepChanges(database: Database, { sums, reach, minutes, settled }: Changes): void {
  if (sums.length + reach.length + minutes.length + settled.length === 0) return;
  database.transaction(() => {
    const sum = database.query("INSERT OR REPLACE INTO sum VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (const { name, atMs, seconds, sessions, peak } of sums) {
      const [mount, dimension, key] = partsOf(name);
      sum.run(mount, dimension, atMs, key, Math.max(0, seconds), sessions, peak);
    }
    const listener = database.query("INSERT OR REPLACE INTO reach VALUES (?, ?, ?, ?, ?)");
    for (const { dayMs, name, listeners } of reach) {
      const [mount, dimension, key] = partsOf(name);
      listener.run(mount, dimension, dayMs, key, listeners);
    }
    const minute = database.query(
      `INSERT INTO minute VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET listeners = max(listeners, excluded.listeners)`,
    );
    for (const { mount, atMs, listeners } of minutes) minute.run(mount, atMs, listeners);
    for (const audited of settled) keepSettled(database, audited);
  })();
}

export function keepSettled(database: Database, audited: Audited): void {
  const { play, sessions, listeners, seconds, atStart, atEnd, joined, left } = audited;
  const { tunedOut, peak, leaving, countries } = audited;
  database
    .query(
      `UPDATE play SET is_settled = 1, sessions = ?, listeners = ?, listened = ?, at_start = ?, at_end = ?, joined = ?,
        "left" = ?, tuned_out = ?, peak = ?, leaving = ?, countries = ? WHERE id = ?`,
    )
    .run(
      sessions,
      listeners,
      seconds,
      atStart,
      atEnd,
      joined,
      left,
      tunedOut,
      peak,
      JSON.stringify(leaving),
      JSON.stringify(countries),
      play.id,
    );
}

/** The parts of a figure's name; only the last may have a bar. */
function partsOf(name: string): [mount: number, dimension: string, key: string] {
  const [mount = "", dimension = ""] = name.split("|", 2);
  return [Number(mount), dimension, name.slice(mount.length + dimension.length + 2)];
}

/** Sessions, minutes and events older than `keepDays`; titles and daily sums stay. */
export function purge(database: Database, nowMs: number, keepDays: number): void {
  const beforeMs = dayOf(nowMs - keepDays * DAY_MS);
  const tables = [
    ["session", "id", "ended_ms"],
    ["event", "id", "at_ms"],
  ] as const;
  for (const [table, id, time] of tables) {
    database.run(
      `DELETE FROM ${table} WHERE ${id} IN (SELECT ${id} FROM ${table} WHERE ${time} < ? LIMIT ?)`,
      [beforeMs, MAX_DELETED],
    );
  }
  database.run(
    "DELETE FROM minute WHERE (mount, at_ms) IN (SELECT mount, at_ms FROM minute WHERE at_ms < ? LIMIT ?)",
    [beforeMs, MAX_DELETED],
  );
}
