// The catalogue in its file: one SQLite database for all directories. For the catalogue's own thread only.
import type { Database, SQLQueryBindings } from "bun:sqlite";
import { DatabaseFile, versionOf } from "../database/database-file.ts";
import type { Codec, StreamFormat } from "../format/frame.ts";
import { wallClock } from "../lib/clock.ts";
import { nameOfBytes, systemPath } from "../lib/path-text.ts";
import {
  type CatalogueCall,
  type CatalogueReply,
  type Heard,
  type Kept,
  PAGE_ROWS,
  type Played,
  type Whose,
} from "./catalogue-calls.ts";
import type { Analysis } from "./converter.ts";
import type { Measure } from "./measure.ts";
import type { Row } from "./row.ts";

/** Another version of the tables is dropped: what they hold can be measured again. */
const VERSION = 2;

/** Rows of vanished files are kept this long: a disk may come back. */
const GONE_MS = 30 * 24 * 3600 * 1000;

const RECENT_ARTISTS = 64;

/** Paths are bytes: not all are UTF-8. */
const TABLES = `
CREATE TABLE file (path BLOB PRIMARY KEY, stamp TEXT, content TEXT, codec TEXT, rate INTEGER, channels INTEGER,
  bits INTEGER, seconds REAL, title TEXT, artist TEXT, album TEXT, why TEXT, analysis TEXT,
  gone_ms INTEGER) WITHOUT ROWID;
CREATE TABLE place (mount TEXT, directory BLOB, seed INTEGER, round INTEGER, last BLOB,
  PRIMARY KEY (mount, directory)) WITHOUT ROWID;
CREATE TABLE heard (mount TEXT, path BLOB, content TEXT, round INTEGER, at_ms INTEGER,
  PRIMARY KEY (mount, path)) WITHOUT ROWID;
CREATE INDEX heard_at ON heard (mount, at_ms);
PRAGMA user_version = ${VERSION};`;

type Columns = Readonly<Record<string, string | number | null | Uint8Array>>;

export class CatalogueFile {
  readonly #database: DatabaseFile;

  constructor(file: string) {
    this.#database = new DatabaseFile(file, prepare);
  }

  /** Throws SQLite's or the file system's error; a damaged file is set aside and the call repeated. The file is made by the
   * first call that writes. */
  perform(call: CatalogueCall): CatalogueReply {
    const isWrite = call.call === "keep" || call.call === "heard";
    return this.#database.use(isWrite, (database) => performWith(database, call));
  }
}

function performWith(database: Database | null, call: CatalogueCall): unknown {
  if (database === null) return call.call === "place" ? null : [];
  switch (call.call) {
    case "place":
      return placeOf(database, call);
    case "played":
      return playedOf(database, call, call.round, call.after);
    case "rows":
      return rowsOf(database, call.directory, call.after);
    case "keep":
      return keep(database, call.rows, call.gone);
    case "heard":
      return noteHeard(database, call);
  }
}

function prepare(database: Database): void {
  if (versionOf(database) !== VERSION) database.transaction(() => renew(database))();
  const before = wallClock.nowMs() - GONE_MS;
  database.run("DELETE FROM file WHERE gone_ms < ?", [before]);
}

function renew(database: Database): void {
  for (const table of ["file", "place", "heard"]) database.run(`DROP TABLE IF EXISTS ${table}`);
  database.run(TABLES);
}

function placeOf(database: Database, { mount, directory }: Whose): Kept | null {
  const found = one(database, "SELECT * FROM place WHERE mount = ? AND directory = ?", [
    mount,
    bytesOf(directory),
  ]);
  if (found === null) return null;
  const { seed, round, last } = found;
  const artists = all(
    database,
    "SELECT artist FROM heard JOIN file USING (path) WHERE mount = ? ORDER BY at_ms DESC LIMIT ?",
    [mount, RECENT_ARTISTS],
  );
  return {
    place: { seed: Number(seed), round: Number(round), last: last === null ? null : pathOf(last) },
    artists: artists.map(({ artist }) => text(artist)),
  };
}

function playedOf(database: Database, whose: Whose, round: number, after: string): Played {
  const { mount } = whose;
  const found = all(
    database,
    "SELECT path, content FROM heard WHERE mount = ? AND round = ? AND path > ? ORDER BY path LIMIT ?",
    [mount, round, bytesOf(after), PAGE_ROWS],
  );
  return found.map(({ path, content }) => [pathOf(path), text(content)] as const);
}

function rowsOf(database: Database, directory: string, after: string): Row[] {
  const query = "SELECT * FROM file WHERE path > ? AND path < ? ORDER BY path LIMIT ?";
  return all(database, query, [...range(directory, after), PAGE_ROWS]).map(rowOf);
}

/** The paths in a directory behind `after`: "0" follows "/". */
function range(directory: string, after: string): [Uint8Array, Uint8Array] {
  const folder = directory.endsWith("/") ? directory.slice(0, -1) : directory;
  return [bytesOf(after === "" ? `${folder}/` : after), bytesOf(`${folder}0`)];
}

const COLUMNS =
  "stamp content codec rate channels bits seconds title artist album why gone_ms".split(" ");

/** A file that was looked at anew keeps what the converter said of the same audio. */
const PUT = `INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)
  ON CONFLICT (path) DO UPDATE SET
  analysis = coalesce(excluded.analysis, CASE content WHEN excluded.content THEN analysis END),
  ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}`;

function keep(database: Database, rows: readonly Row[], gone: readonly string[]): number {
  const put = database.query(PUT);
  const mark = database.query("UPDATE file SET gone_ms = ? WHERE path = ?");
  const nowMs = wallClock.nowMs();
  database.transaction(() => {
    for (const row of rows) put.run(...valuesOf(row));
    for (const path of gone) mark.run(nowMs, bytesOf(path));
  })();
  return rows.length;
}

function noteHeard(database: Database, heard: Heard): number {
  const { mount, directory, path, content, atMs, place } = heard;
  database.transaction(() => {
    database
      .query("INSERT OR REPLACE INTO heard VALUES (?, ?, ?, ?, ?)")
      .run(mount, bytesOf(path), content, place.round, atMs);
    database
      .query("INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?)")
      .run(mount, bytesOf(directory), place.seed, place.round, bytesOf(path));
  })();
  return 1;
}

/** In the order of the columns. */
function valuesOf({ path, stamp, measure, foreign, analysis }: Row): SQLQueryBindings[] {
  const kept = analysis === null ? null : JSON.stringify(analysis);
  return [bytesOf(path), stamp, ...measureValues(measure), foreign, kept];
}

function measureValues(measure: Measure | null): SQLQueryBindings[] {
  if (measure === null) return Array(9).fill(null);
  const { format, seconds, content, tags } = measure;
  const { codec, sampleRate, channels, bitsPerSample = null } = format;
  const { title = null, artist = null, album = null } = tags ?? {};
  return [content, codec, sampleRate, channels, bitsPerSample, seconds, title, artist, album];
}

function rowOf(row: Columns): Row {
  const { path, stamp, why, analysis } = row;
  return {
    path: pathOf(path),
    stamp: text(stamp),
    measure: measureOf(row),
    foreign: why === null ? null : text(why),
    analysis: analysis === null ? null : (JSON.parse(text(analysis)) as Analysis),
  };
}

function measureOf(row: Columns): Measure | null {
  const { content, codec, rate, channels, bits, seconds, title, artist, album } = row;
  if (codec === null) return null;
  const format: StreamFormat = {
    codec: text(codec) as Codec,
    sampleRate: Number(rate),
    channels: Number(channels),
    ...(bits === null ? {} : { bitsPerSample: Number(bits) }),
  };
  const words = { title: text(title), artist: text(artist) };
  const tags = title === null ? null : album === null ? words : { ...words, album: text(album) };
  return { format, seconds: Number(seconds), content: text(content), tags };
}

function all(database: Database, sql: string, values: SQLQueryBindings[]): Columns[] {
  return database.query<Columns, SQLQueryBindings[]>(sql).all(...values);
}

function one(database: Database, sql: string, values: SQLQueryBindings[]): Columns | null {
  return database.query<Columns, SQLQueryBindings[]>(sql).get(...values);
}

function bytesOf(path: string): Uint8Array {
  const system = systemPath(path);
  return typeof system === "string" ? Buffer.from(system) : system;
}

function pathOf(value: Columns[string] | undefined): string {
  return value instanceof Uint8Array ? nameOfBytes(value) : "";
}

function text(value: Columns[string] | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}
