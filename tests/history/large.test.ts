// A history that is larger than what one query looks at: files have all of it, and the most heard titles are the same whichever
// way they are counted.
import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { Ledger } from "../../src/history/ledger.ts";
import { sessionsOf } from "../../src/history/past-sessions.ts";
import { heardPlays } from "../../src/history/played.ts";
import type { SessionRow, TopQuestion } from "../../src/history/questions.ts";
import { migrate } from "../../src/history/tables.ts";
import { topOf } from "../../src/history/top.ts";

const SESSIONS = 160_000;
const PLAYS = 1200;
const END_MS = 1_000_000_000;

/** A session each millisecond and a play each second before the end. */
function source() {
  const database = new Database(":memory:");
  migrate(database);
  database.run("INSERT INTO mount VALUES (1, '/stream')");
  database.run(
    "INSERT INTO agent VALUES (1, 'VLC/3.0', 'VLC', 'listener'), (2, 'mpv', 'mpv', 'listener')",
  );
  database.run(
    `WITH RECURSIVE n (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < ${SESSIONS})
     INSERT INTO session (id, life, mount, number, began_ms, ended_ms, position, heard, bytes, unique_id, agent, country,
       door, user, is_continued)
     SELECT at, 1, 1, at, ${END_MS - SESSIONS} + at, ${END_MS}, 0, 1, 1, at, CASE at WHEN 7 THEN 2 ELSE 1 END, '', 'listen', '', 0
     FROM n`,
  );
  database.run(
    `WITH RECURSIVE n (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < ${PLAYS})
     INSERT INTO play (life, mount, began_ms, position, ended, kind, is_filler, show, artist, title, album, file, seconds,
       is_settled, listeners, sessions, listened, at_start, at_end, joined, "left", tuned_out, peak, leaving, countries)
     SELECT 1, 1, ${END_MS - PLAYS * 1000} + at * 1000, at, at + 1, 'playlist', 0, '', 'Artist ' || at % 5,
       'Title ' || at % 30, '', '', 1, 1, 1, 1, at, 1, 1, 0, 0, at % 2, at % 7, '[]', '{}' FROM n`,
  );
  return { database, ledger: new Ledger(0), nowMs: END_MS };
}

const RANGE = { mount: "", fromMs: 0, toMs: END_MS + 1 };

test("a file of sessions has all of them, also beyond what a search looks at", () => {
  const past = source();
  const all = (search: string): SessionRow[] => {
    const rows: SessionRow[] = [];
    for (let beforeId: number | null = 2 ** 52; beforeId !== null;) {
      const part = { search, offset: 0, limit: 20_000, beforeId };
      const page = sessionsOf(past, { query: "sessions", ...RANGE, ...part });
      rows.push(...page.rows);
      beforeId = page.nextId;
    }
    return rows;
  };
  const ids = all("").map(({ id }) => id);
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([SESSIONS, SESSIONS, 1]);
  expect(all("mpv").map(({ id }) => id)).toEqual([7]);
});

test("a file of what played goes on behind each page", () => {
  const past = source();
  const question = { query: "plays", ...RANGE, search: "", offset: 0 } as const;
  const whole = heardPlays(past, { ...question, limit: 2 * PLAYS }).map(({ id }) => id);
  const paged: number[] = [];
  let before: { id: number; beganMs: number } | undefined;
  do {
    const page = heardPlays(past, { ...question, limit: 500, ...(before && { before }) });
    paged.push(...page.map(({ id }) => id));
    before = page.at(-1);
  } while (before !== undefined);
  expect(whole).toHaveLength(PLAYS);
  expect(paged).toEqual(whole);
});

test.each(["title", "artist"] as const)(
  "the most heard by %s are the same by the index of titles and by the time",
  (dimension) => {
    const past = source();
    // All but the first play: most of what is known, by the index.
    const fromMs = END_MS - PLAYS * 1000 + 2000;
    const question: TopQuestion = { query: "top", dimension, ...RANGE, fromMs, limit: 7 };
    const byIndex = topOf(past, question);
    // A play of long ago makes the same range a small part of what is known.
    past.database.run("UPDATE play SET began_ms = -9999999999 WHERE position = 1");
    expect(topOf(past, question)).toEqual(byIndex);
    expect(byIndex[0]?.plays).toBeGreaterThan(1);
  },
);
