// What was played: titles with their audience, the newest first, and how fast their listeners leave.
import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Source } from "./source.ts";
import { STATION } from "./ledger.ts";
import { LEAVING_SECONDS, type PlayAudience } from "./play-audience.ts";
import type {
  Curve,
  CurveQuestion,
  HeardPlay,
  OpenPlay,
  Play,
  PlayedQuestion,
  PlaysQuestion,
  Range,
} from "./questions.ts";
import { all, number, numberOrNull, type Row, text } from "./rows.ts";
import { mountId } from "./series.ts";
import { patternOf, wordsOf } from "./past-sessions.ts";

/** Neither silence nor what has no name. */
const IS_TITLE = "is_filler = 0 AND (artist <> '' OR title <> '')";

export function played(
  database: Database,
  { mount, beforeMs, limit }: Omit<PlayedQuestion, "query">,
): Play[] {
  const sql = `SELECT play.*, path FROM play JOIN mount ON mount.id = play.mount
    WHERE play.mount = (SELECT id FROM mount WHERE path = ?) AND began_ms < ? AND ${IS_TITLE}
    ORDER BY began_ms DESC, play.id DESC LIMIT ?`;
  return all(database, sql, [mount, beforeMs, limit]).map(playOf);
}

export function heardPlays(source: Source, question: PlaysQuestion): HeardPlay[] {
  const { database, ledger, nowMs } = source;
  const mount = mountId(database, question.mount);
  const open = new Map(ledger.open(nowMs).map((audited) => [audited.play.id, audited]));
  const words = wordsOf(question.search);
  const matches = words.map(
    () =>
      "(artist || ' ' || title || ' ' || album || ' ' || show || ' ' || file) LIKE ? ESCAPE '!'",
  );
  const sql = `SELECT play.*, path FROM play JOIN mount ON mount.id = play.mount
    WHERE (?1 = ${STATION} OR play.mount = ?1) AND began_ms >= ?2 AND began_ms < ?3 AND ${IS_TITLE}
      AND (?6 = 0 OR (began_ms, play.id) < (?7, ?6))
      ${matches.map((match, at) => `AND ${match.replace("?", `?${at + 8}`)}`).join(" ")}
    ORDER BY began_ms DESC, play.id DESC LIMIT ?4 OFFSET ?5`;
  const { fromMs, toMs, limit, offset, before = { id: 0, beganMs: 0 } } = question;
  const page = [limit, offset, before.id, before.beganMs];
  const values: SQLQueryBindings[] = [mount, fromMs, toMs, ...page];
  return all(database, sql, [...values, ...words.map(patternOf)]).map((row) => {
    return heardPlayOf(row, open.get(number(row["id"])));
  });
}

function heardPlayOf(row: Row, open: PlayAudience | undefined): HeardPlay {
  const { seconds: listenedSeconds, countries, ...audience } = open ?? audienceIn(row);
  const { sessions, listeners, atStart, atEnd, joined, left, tunedOut, peak } = audience;
  const counts = { sessions, listeners, atStart, atEnd, joined, left, tunedOut, peak };
  return { ...playOf(row), listenedSeconds, countries, ...counts };
}

function audienceIn(row: Row): PlayAudience {
  return {
    sessions: number(row["sessions"]),
    listeners: number(row["listeners"]),
    seconds: number(row["listened"]),
    atStart: number(row["at_start"]),
    atEnd: number(row["at_end"]),
    joined: number(row["joined"]),
    left: number(row["left"]),
    tunedOut: number(row["tuned_out"]),
    peak: number(row["peak"]),
    leaving: JSON.parse(text(row["leaving"]) || "[]") as number[],
    countries: JSON.parse(text(row["countries"]) || "{}") as Record<string, number>,
  };
}

function playOf(row: Row): Play {
  const ended = numberOrNull(row["ended"]);
  return {
    id: number(row["id"]),
    mount: text(row["path"]),
    beganMs: number(row["began_ms"]),
    playedSeconds: ended === null ? null : ended - number(row["position"]),
    kind: text(row["kind"]),
    show: text(row["show"]),
    artist: text(row["artist"]),
    title: text(row["title"]),
    album: text(row["album"]),
    file: text(row["file"]),
    seconds: numberOrNull(row["seconds"]),
  };
}

/** Whether a title that is not settled belongs to the mount and the time. */
export function inRange(
  { mount, play }: OpenPlay,
  asked: number,
  { fromMs, toMs }: Range,
): boolean {
  if (play.title === "" && play.artist === "") return false;
  return (asked === STATION || mount === asked) && play.beganMs >= fromMs && play.beganMs < toMs;
}

/** Over all plays of a title, or of all titles. */
export function curveOf({ database, ledger, nowMs }: Source, question: CurveQuestion): Curve {
  const mount = mountId(database, question.mount);
  const { artist, title } = question;
  const isAny = artist === "" && title === "";
  const sql = `SELECT at_start, leaving, countries FROM play WHERE (?1 = ${STATION} OR mount = ?1) AND began_ms >= ?2 AND began_ms < ?3
    AND is_settled = 1 AND ${IS_TITLE} AND at_start > 0 AND (?4 OR (artist = ?5 AND title = ?6))`;
  const { fromMs, toMs } = question;
  const rows = all(database, sql, [mount, fromMs, toMs, isAny ? 1 : 0, artist, title]);
  const open = ledger
    .open(nowMs)
    .filter(({ ended, atStart }) => ended !== null && atStart > 0)
    .filter((audited) => inRange(audited, mount, question))
    .filter(({ play }) => isAny || (play.artist === artist && play.title === title));
  const plays = [...rows.map(audienceIn), ...open];
  const leaving: number[] = [];
  for (const play of plays)
    for (const [at, count] of play.leaving.entries()) leaving[at] = (leaving[at] ?? 0) + count;
  const atStart = plays.reduce((sum, play) => sum + play.atStart, 0);
  const counts = Array.from(leaving, (count) => count ?? 0);
  return { plays: plays.length, atStart, stepSeconds: LEAVING_SECONDS, leaving: counts };
}
