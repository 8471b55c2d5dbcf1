// Answers of the history as the desk's calls give them.
import type {
  Curve,
  Dimension,
  HeardPlay,
  Point,
  Range,
  SessionPage,
  Step,
  TopRow,
} from "../../history/questions.ts";
import type * as schema from "./audience-schema.ts";

const HOUR_SECONDS = 3600;

function hours(seconds: number): number {
  return Math.round((seconds / HOUR_SECONDS) * 1000) / 1000;
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

function tenths(number: number): number {
  return Math.round(number * 10) / 10;
}

interface Figures {
  readonly seconds: number;
  readonly sessions: number;
  readonly peak: number;
}

function figures({ seconds, sessions, peak }: Figures) {
  const listening = { listening_seconds: milliseconds(seconds), listening_hours: hours(seconds) };
  return { ...listening, sessions, peak_listeners: peak };
}

function sumOf(rows: readonly Figures[]): Figures {
  return {
    seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
    sessions: rows.reduce((sum, { sessions }) => sum + sessions, 0),
    peak: rows.reduce((most, { peak }) => Math.max(most, peak), 0),
  };
}

/** The end of a step, or now. */
function stepEnd(atMs: number, step: Step): number {
  const date = new Date(atMs);
  if (step === "hour") return atMs + HOUR_SECONDS * 1000;
  if (step === "day") date.setDate(date.getDate() + 1);
  else date.setMonth(date.getMonth() + 1);
  return date.getTime();
}

function averageOf(seconds: number, fromMs: number, toMs: number): number {
  return toMs <= fromMs ? 0 : tenths(seconds / ((toMs - fromMs) / 1000));
}

export interface FoundAudience {
  readonly points: readonly Point[];
  readonly days: readonly Point[];
  readonly bots: readonly TopRow[];
  readonly relays: readonly TopRow[];
}

export function renderAudience(
  asked: Range,
  step: Step,
  { points, days, bots, relays }: FoundAudience,
  nowMs: number,
): schema.AudienceFigures {
  const { mount, fromMs, toMs } = asked;
  const endMs = Math.min(nowMs, toMs);
  const total = sumOf(points);
  // Time before the history began is not counted as silence.
  const beganMs = Math.max(fromMs, points[0]?.sinceMs ?? endMs);
  return {
    mount,
    from: Math.floor(fromMs / 1000),
    to: Math.floor(toMs / 1000),
    step,
    points: points.map((point) => ({
      time: Math.floor(point.atMs / 1000),
      ...figures(point),
      average_listeners: averageOf(
        point.seconds,
        point.sinceMs,
        Math.min(stepEnd(point.atMs, step), nowMs),
      ),
      unique_listeners: point.unique,
    })),
    total: {
      ...figures(total),
      average_listeners: averageOf(total.seconds, beganMs, endMs),
      unique_listeners: days.reduce((sum, { unique }) => sum + (unique ?? 0), 0),
    },
    bots: figures(sumOf(bots)),
    relays: figures(sumOf(relays)),
  };
}

export function renderTop(by: Dimension, rows: readonly TopRow[]): schema.TopList {
  return {
    by,
    rows: rows.map((row) => {
      const [artist = "", title = ""] =
        by === "title" ? (JSON.parse(row.name) as string[]) : ["", row.name];
      const { unique: unique_listeners, plays, tunedOut: tuned_out, atStart: at_start } = row;
      return { name: title, artist, ...figures(row), unique_listeners, plays, tuned_out, at_start };
    }),
  };
}

/** From 1 down: nobody is counted again who came back. */
export function renderCurve({ plays, atStart, stepSeconds, leaving }: Curve): schema.StayingCurve {
  let stay = atStart;
  const staying = leaving.map((left) => {
    stay -= left;
    return atStart === 0 ? 0 : stay / atStart;
  });
  return { plays, at_start: atStart, step_seconds: stepSeconds, staying: [1, ...staying] };
}

export function renderSessions(
  { total, rows }: SessionPage,
  page: number,
  perPage: number,
): schema.SessionList {
  return {
    total,
    page,
    pages: Math.max(1, Math.ceil(total / perPage)),
    sessions: rows.map((row) => ({
      id: row.id,
      mount: row.mount,
      node: row.node,
      began_at: new Date(row.beganMs).toISOString(),
      ended_at: row.endedMs === null ? null : new Date(row.endedMs).toISOString(),
      seconds: row.seconds,
      bytes: row.bytes,
      listener: row.listener,
      player: row.player,
      user_agent: row.userAgent,
      kind: row.kind,
      country: row.country,
      port: row.door,
      account: row.user,
    })),
  };
}

export function renderPlays(plays: readonly HeardPlay[]): schema.PlayList {
  return {
    plays: plays.map((play) => ({
      id: play.id,
      mount: play.mount,
      played_at: new Date(play.beganMs).toISOString(),
      played_seconds: play.playedSeconds,
      kind: play.kind,
      show: play.show,
      artist: play.artist,
      title: play.title,
      album: play.album,
      duration_seconds: play.seconds,
      sessions: play.sessions,
      listeners: play.listeners,
      listening_seconds: play.listenedSeconds,
      at_start: play.atStart,
      at_end: play.atEnd,
      joined: play.joined,
      left: play.left,
      tuned_out: play.tunedOut,
      peak_listeners: play.peak,
    })),
  };
}
