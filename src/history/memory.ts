// What a restart brings back: counters and the chart of the last day.
import type { Database } from "bun:sqlite";
import type { Memory, MemoryQuestion } from "./questions.ts";
import { all, number, text } from "./rows.ts";

export function memoryOf(database: Database, { sinceMs }: MemoryQuestion): Memory {
  const counters = all(
    database,
    `SELECT path, max(peak) AS peak, sum(sessions) AS joined FROM sum JOIN mount ON mount.id = sum.mount
      WHERE dimension IN ('all', 'bot', 'relay') GROUP BY path`,
  );
  const minutes = all(
    database,
    `SELECT path, at_ms, listeners FROM minute JOIN mount ON mount.id = minute.mount WHERE at_ms >= ? ORDER BY at_ms`,
    [sinceMs],
  );
  return {
    counters: counters.map(({ path, peak, joined }) => {
      return { mount: text(path), peak: number(peak), joined: number(joined) };
    }),
    minutes: minutes.map(({ path, at_ms: at, listeners }) => {
      return { mount: text(path), atMs: number(at), listeners: number(listeners) };
    }),
  };
}
