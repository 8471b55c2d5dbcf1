// Single listening sessions, the newest first.
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Source } from "./source.ts";
import type { SessionPage, SessionRow, SessionsQuestion } from "./questions.ts";
import { all, number, numberOrNull, one, type Row, text } from "./rows.ts";
import { mountId } from "./series.ts";

/** The words that one search may have; each is compared with every player that is known. */
const MAX_WORDS = 8;

export function wordsOf(search: string): string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
}

/** A pattern for LIKE with ESCAPE '!'. */
export function patternOf(word: string): string {
  return `%${word.replace(/[!%_]/g, "!$&")}%`;
}

/** `total` counts up to this many: nobody turns more pages. */
const MAX_COUNTED = 10_000;

export function sessionsOf({ database, nowMs }: Source, question: SessionsQuestion): SessionPage {
  const { where, values, nextId } = conditionOf(database, question);
  const counted = `SELECT count(*) AS total FROM (SELECT 1 FROM session ${where} LIMIT ${MAX_COUNTED})`;
  const isCounted = question.beforeId === undefined;
  const total = isCounted ? number(one(database, counted, values)?.["total"]) : 0;
  const sql = `SELECT session.*, path, name, family, agent.kind AS agent_kind FROM
    (SELECT * FROM session ${where} ORDER BY id DESC LIMIT ? OFFSET ?) AS session
    JOIN agent ON agent.id = session.agent JOIN mount ON mount.id = session.mount ORDER BY session.id DESC`;
  const rows = all(database, sql, [...values, question.limit, question.offset]);
  const last = rows.length < question.limit ? nextId : number(rows.at(-1)?.["id"]);
  return { total, nextId: last, rows: rows.map((row) => sessionOf(row, nowMs)) };
}

/** Rows are in the order of time, so that a range of them is read instead of their index. */
function conditionOf(database: Database, question: SessionsQuestion) {
  const { mount, fromMs, toMs, search, beforeId = 2 ** 52 } = question;
  const idAt = (ms: number) =>
    number(
      one(database, "SELECT min(id) AS id FROM session WHERE began_ms >= ?", [ms])?.["id"] ??
        2 ** 52,
    );
  const end = Math.min(
    beforeId,
    idAt(toMs),
    number(one(database, "SELECT max(id) AS id FROM session")?.["id"]) + 1,
  );
  const [first, from] = [idAt(fromMs), end - MAX_LOOKED_AT];
  const values: SQLQueryBindings[] = [Math.max(first, from), end];
  const parts = ["id >= ? AND id < ?"];
  if (mount !== "") {
    parts.push("mount = ?");
    values.push(mountId(database, mount));
  }
  for (const word of wordsOf(search)) {
    parts.push(
      `(agent IN (SELECT id FROM agent WHERE name LIKE ? ESCAPE '!' OR family LIKE ? ESCAPE '!' OR kind = ?)
        OR mount IN (SELECT id FROM mount WHERE path LIKE ? ESCAPE '!') OR country = ?
        OR (node <> '' AND node LIKE ? ESCAPE '!')
        OR (user <> '' AND user LIKE ? ESCAPE '!'))`,
    );
    const pattern = patternOf(word);
    values.push(pattern, pattern, word, pattern, word.toUpperCase(), pattern, pattern);
  }
  const nextId = from > first ? from : null;
  return { where: `WHERE ${parts.join(" AND ")}`, values, nextId };
}

/** Searched at a time, the newest first: more than a day's, within 100 ms. */
const MAX_LOOKED_AT = 150_000;

/** Letters and digits of a listener's name. */
const NAME_LENGTH = 6;

function sessionOf(row: Row, nowMs: number): SessionRow {
  const [beganMs, endedMs] = [number(row["began_ms"]), numberOrNull(row["ended_ms"])];
  return {
    id: number(row["id"]),
    mount: text(row["path"]),
    node: text(row["node"]),
    beganMs,
    endedMs,
    seconds: numberOrNull(row["heard"]) ?? Math.max(0, nowMs - beganMs) / 1000,
    bytes: number(row["bytes"]),
    listener: number(row["unique_id"]).toString(36).padStart(NAME_LENGTH, "0").slice(-NAME_LENGTH),
    userAgent: text(row["name"]),
    player: text(row["family"]),
    kind: text(row["agent_kind"]),
    country: text(row["country"]),
    door: text(row["door"]),
    user: text(row["user"]),
  };
}
