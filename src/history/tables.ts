// The tables of the history, and how those of an earlier version become them.
import type { Database } from "bun:sqlite";
import { versionOf } from "../database/database-file.ts";

/** A life is a mount's timeline, from its start to its end: positions are seconds on it. `ended_ms` and `heard` of a session,
 * and `ended` of a play, are null while they last. */
const FIRST = `
CREATE TABLE state (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE mount (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE life (id INTEGER PRIMARY KEY, mount INTEGER NOT NULL, began_ms INTEGER NOT NULL, is_over INTEGER NOT NULL);
CREATE TABLE agent (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, family TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE session (id INTEGER PRIMARY KEY, life INTEGER NOT NULL, mount INTEGER NOT NULL, number INTEGER NOT NULL,
  began_ms INTEGER NOT NULL, ended_ms INTEGER, position REAL NOT NULL, heard REAL, bytes INTEGER NOT NULL,
  unique_id INTEGER NOT NULL, agent INTEGER NOT NULL, country TEXT NOT NULL, door TEXT NOT NULL, user TEXT NOT NULL,
  is_continued INTEGER NOT NULL);
CREATE INDEX session_began ON session (began_ms);
CREATE INDEX session_ended ON session (ended_ms);
CREATE TABLE play (id INTEGER PRIMARY KEY, life INTEGER NOT NULL, mount INTEGER NOT NULL, began_ms INTEGER NOT NULL,
  position REAL NOT NULL, ended REAL, kind TEXT NOT NULL, is_filler INTEGER NOT NULL, show TEXT NOT NULL,
  artist TEXT NOT NULL, title TEXT NOT NULL, album TEXT NOT NULL, file TEXT NOT NULL, seconds REAL,
  is_settled INTEGER NOT NULL DEFAULT 0, listeners INTEGER, sessions INTEGER, listened REAL, at_start INTEGER,
  at_end INTEGER, joined INTEGER, "left" INTEGER, tuned_out INTEGER, peak INTEGER, leaving TEXT,
  countries TEXT);
CREATE INDEX play_began ON play (mount, began_ms);
CREATE INDEX play_open ON play (life) WHERE is_settled = 0;
CREATE TABLE event (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, mount TEXT NOT NULL, type TEXT NOT NULL,
  data TEXT NOT NULL);
CREATE INDEX event_at ON event (at_ms);
CREATE TABLE sum (mount INTEGER, dimension TEXT, at_ms INTEGER, name TEXT, seconds REAL NOT NULL, sessions INTEGER NOT NULL,
  peak INTEGER NOT NULL, PRIMARY KEY (mount, dimension, at_ms, name)) WITHOUT ROWID;
CREATE TABLE reach (mount INTEGER, dimension TEXT, day_ms INTEGER, name TEXT, listeners INTEGER NOT NULL,
  PRIMARY KEY (mount, dimension, day_ms, name)) WITHOUT ROWID;
CREATE TABLE minute (mount INTEGER, at_ms INTEGER, listeners INTEGER NOT NULL, PRIMARY KEY (mount, at_ms)) WITHOUT ROWID;
CREATE TABLE daily_key (day_ms INTEGER PRIMARY KEY, secret BLOB NOT NULL);`;

/** The server of the cluster that a session was on; "" for this one. */
const NODES = "ALTER TABLE session ADD COLUMN node TEXT NOT NULL DEFAULT ''";

/** For questions about the whole station. */
const BY_TIME = "CREATE INDEX play_time ON play (began_ms)";

/** Titles in their order, with what is summed over their plays: a year of them is neither read whole nor sorted. */
const BY_TITLE = `CREATE INDEX play_titles ON play
  (artist, title, began_ms, mount, listened, sessions, peak, tuned_out, at_start)
  WHERE is_settled = 1 AND is_filler = 0 AND (artist <> '' OR title <> '')`;

/** Each makes the tables of the next version. They are never changed, only added to. */
const MIGRATIONS: readonly string[] = [FIRST, NODES, BY_TIME, BY_TITLE];

/** Throws if the file is of a later version of Cycast. */
export function migrate(database: Database): void {
  const version = versionOf(database);
  if (version > MIGRATIONS.length) throw new Error("it is of a later version of Cycast");
  for (const [at, sql] of MIGRATIONS.entries()) {
    if (at < version) continue;
    database.transaction(() => {
      database.run(sql);
      database.run(`PRAGMA user_version = ${at + 1}`);
    })();
  }
}
