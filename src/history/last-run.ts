// What a start makes of the last run: what it left open is ended, and the present hour and day are counted again.
import type { Database } from "bun:sqlite";
import type { AgentKind } from "./agents.ts";
import type { Audited, LifePlay, Session, SessionEnd } from "./life.ts";
import { Life } from "./life.ts";
import type { Ledger } from "./ledger.ts";
import { type Heard, uniquesOf } from "./play-audience.ts";
import { all, number, one, type Row, text } from "./rows.ts";
import { dayOf, hourOf } from "./times.ts";

/** A listener may hear a title this long before the burst position does. */
const AHEAD_MS = 120_000;

interface Past {
  readonly life: number;
  readonly mount: number;
  readonly session: Session;
  readonly end: SessionEnd;
}

/** When the last batch was written; null in a new file. */
export function aliveMs(database: Database): number | null {
  const value = one(database, "SELECT value FROM state WHERE name = 'alive_ms'")?.["value"];
  return value === undefined || value === null ? null : Number(value);
}

/** Ends what a crash left open, as of its last batch. `settled` gets the audience of each title that was open. */
export function endLastRun(
  database: Database,
  alive: number,
  settled: (audited: Audited) => void,
): void {
  database.run(
    `UPDATE session SET ended_ms = max(began_ms, ?1), heard = max(0, (?1 - began_ms) / 1000.0) WHERE ended_ms IS NULL`,
    [alive],
  );
  database.run(
    `UPDATE play SET ended = max(position + max(0, (?1 - began_ms) / 1000.0), coalesce((SELECT max(position + heard)
        FROM session WHERE session.life = play.life AND ended_ms >= ?1), 0))
      WHERE is_settled = 0 AND ended IS NULL`,
    [alive],
  );
  for (const life of all(database, "SELECT DISTINCT life FROM play WHERE is_settled = 0"))
    settleLife(database, number(life["life"]), settled);
  database.run("UPDATE life SET is_over = 1 WHERE is_over = 0");
}

function settleLife(database: Database, id: number, settled: (audited: Audited) => void): void {
  const plays = all(
    database,
    "SELECT * FROM play WHERE life = ? AND is_settled = 0 ORDER BY position",
    [id],
  );
  const [first] = plays;
  if (first === undefined) return;
  const life = new Life(id, number(first["mount"]));
  for (const past of endedSince(database, number(first["began_ms"]) - AHEAD_MS))
    if (past.life === id) life.addOver(past.session, past.end);
  for (const play of plays) life.title(playOf(play));
  const last = plays.at(-1);
  life.close(number(last?.["ended"]), number(last?.["began_ms"]));
  for (const audited of life.settle(0)) settled(audited);
}

/** Counts the hour of `alive`, the hours since and the present day again. */
export function countAgain(database: Database, ledger: Ledger, alive: number, nowMs: number): void {
  const today = dayOf(nowMs);
  const sessions = endedSince(database, Math.min(today, hourOf(alive)));
  replay(ledger, sessions, hourOf(alive));
  ledger.advance(Math.max(alive, today));
  const ofToday = sessions.filter(({ end }) => end.atMs >= today);
  for (const { mount, session } of ofToday) ledger.reachedToday(mount, session);
  const lives = Map.groupBy(ofToday, ({ life }) => life);
  for (const [life, own] of lives) countTitles(database, ledger, life, own, today);
}

/** Who heard each title of a life, in one pass over both. */
function countTitles(
  database: Database,
  ledger: Ledger,
  life: number,
  sessions: readonly Past[],
  today: number,
): void {
  const sql = "SELECT * FROM play WHERE life = ? AND began_ms >= ? ORDER BY position";
  const waiting = sessions.filter(({ session }) => session.kind === "listener").map(heardOf);
  waiting.sort((a, b) => b.from - a.from);
  let present: Heard[] = [];
  for (const row of all(database, sql, [life, today])) {
    const stretch = { from: number(row["position"]), to: number(row["ended"]) };
    present = present.filter(({ to }) => to > stretch.from);
    for (
      let next = waiting.at(-1);
      next !== undefined && next.from < stretch.to;
      next = waiting.at(-1)
    ) {
      present.push(next);
      waiting.pop();
    }
    ledger.addReach(
      { play: playOf(row), uniques: uniquesOf(stretch, present) },
      number(row["mount"]),
    );
  }
}

function heardOf({ session: { from, uniqueId, country }, end }: Past): Heard {
  return { from, to: end.position, isOver: true, isMoved: false, uniqueId, country };
}

/** In the order in which they happened. */
function replay(ledger: Ledger, sessions: readonly Past[], sinceMs: number): void {
  const steps = sessions
    .filter(({ end }) => end.atMs >= sinceMs)
    .flatMap(({ mount, session, end }) => {
      const begin = {
        atMs: session.beganMs,
        run: () => ledger.countBegin(mount, session, sinceMs),
      };
      return [begin, { atMs: end.atMs, run: () => ledger.countEnd(mount, session, end) }];
    });
  for (const { run } of steps.sort((a, b) => a.atMs - b.atMs)) run();
}

function endedSince(database: Database, sinceMs: number): Past[] {
  const sql = `SELECT session.*, family, kind FROM session JOIN agent ON agent.id = session.agent
    WHERE ended_ms >= ? ORDER BY session.id`;
  return all(database, sql, [sinceMs]).map(pastOf);
}

function pastOf(row: Row): Past {
  const from = number(row["position"]);
  const session = {
    number: number(row["number"]),
    beganMs: number(row["began_ms"]),
    from,
    isContinued: row["is_continued"] === 1,
    uniqueId: number(row["unique_id"]),
    kind: text(row["kind"]) as AgentKind,
    family: text(row["family"]),
    country: text(row["country"]),
    door: text(row["door"]),
  };
  const end = {
    atMs: number(row["ended_ms"]),
    position: from + number(row["heard"]),
    isMoved: false,
  };
  return { life: number(row["life"]), mount: number(row["mount"]), session, end };
}

function playOf(row: Row): LifePlay {
  return {
    id: number(row["id"]),
    position: number(row["position"]),
    beganMs: number(row["began_ms"]),
    kind: text(row["kind"]),
    show: text(row["show"]),
    artist: text(row["artist"]),
    title: text(row["title"]),
  };
}
