// The schemas of the calls about the audience and the history.
import { t } from "elysia";
import { DIMENSIONS, STEPS } from "../../history/questions.ts";
import { nullable } from "./desk-schema.ts";

const MAX_TIME = 10_000_000_000;

/** What most calls ask for. */
export const range = {
  mount: t.Optional(t.String({ maxLength: 1000, description: "Path of a mount; all if omitted" })),
  from: t.Optional(
    t.Integer({
      minimum: 0,
      maximum: MAX_TIME,
      description: "Unix seconds; 24 hours ago if omitted",
    }),
  ),
  to: t.Optional(
    t.Integer({ minimum: 0, maximum: MAX_TIME, description: "Unix seconds; now if omitted" }),
  ),
};

export const search = t.Optional(t.String({ maxLength: 200, description: "Words" }));

function choiceOf<T extends string>(words: readonly T[], description: string) {
  return t.Union(
    words.map((word) => t.Literal(word)),
    { description },
  );
}

export const step = t.Optional(choiceOf(STEPS, "Of one point; an hour if omitted"));
export const dimension = t.Optional(choiceOf(DIMENSIONS, "What is listed; titles if omitted"));

const figures = {
  listening_seconds: t.Number(),
  listening_hours: t.Number({ description: "The same, rounded" }),
  sessions: t.Integer({ description: "That began" }),
  peak_listeners: t.Integer(),
};

const unique = t.Integer({
  description: "Different listeners of each day, summed over the days",
});

export const audience = t.Object({
  mount: t.String({ description: '"" for all' }),
  from: t.Integer(),
  to: t.Integer(),
  step: t.String(),
  points: t.Array(
    t.Object({
      time: t.Integer({ description: "Its begin in Unix seconds" }),
      ...figures,
      average_listeners: t.Number(),
      unique_listeners: nullable(unique),
    }),
  ),
  total: t.Object({ ...figures, average_listeners: t.Number(), unique_listeners: unique }),
  bots: t.Object(figures),
  relays: t.Object(figures),
});

export const top = t.Object({
  by: t.String(),
  rows: t.Array(
    t.Object({
      name: t.String(),
      artist: t.String({ description: "Of a title" }),
      ...figures,
      unique_listeners: unique,
      plays: t.Integer(),
      tuned_out: t.Integer({ description: "Left within 30 s of its begin, of those at its start" }),
      at_start: t.Integer({ description: "Listening as it began, over all plays" }),
    }),
  ),
});

export const week = t.Object({
  days: t.Array(t.Array(nullable(t.Number({ description: "Average listeners in that hour" }))), {
    description: "Monday first, 24 hours each",
  }),
});

export const curve = t.Object({
  plays: t.Integer(),
  at_start: t.Integer(),
  step_seconds: t.Integer(),
  staying: t.Array(
    t.Number({ description: "Share of those at the start who still listen after each step, 0..1" }),
  ),
});

export const sessions = t.Object({
  total: t.Integer({ description: "10000 for that many or more" }),
  page: t.Integer(),
  pages: t.Integer(),
  sessions: t.Array(
    t.Object({
      id: t.Integer(),
      mount: t.String(),
      node: t.String({ description: 'The server of the cluster; "" for this one' }),
      began_at: t.String({ description: "ISO 8601" }),
      ended_at: nullable(t.String()),
      seconds: t.Number({ description: "Heard" }),
      bytes: t.Integer(),
      listener: t.String({ description: "The same for one listener on one day" }),
      player: t.String(),
      user_agent: t.String(),
      kind: t.String({ description: "listener, bot or relay" }),
      country: t.String({ description: 'ISO code, or ""' }),
      port: t.String(),
      account: t.String(),
    }),
  ),
});

export const plays = t.Object({
  plays: t.Array(
    t.Object({
      id: t.Integer(),
      mount: t.String(),
      played_at: t.String({ description: "ISO 8601" }),
      played_seconds: nullable(t.Number()),
      kind: t.String(),
      show: t.String(),
      artist: t.String(),
      title: t.String(),
      album: t.String(),
      duration_seconds: nullable(t.Number()),
      sessions: t.Integer({ description: "That heard any of it" }),
      listeners: t.Integer({ description: "Different listeners among them" }),
      listening_seconds: t.Number(),
      at_start: t.Integer(),
      at_end: t.Integer(),
      joined: t.Integer(),
      left: t.Integer(),
      tuned_out: t.Integer(),
      peak_listeners: t.Integer(),
    }),
  ),
});

/** The desk's scripts are checked against these types. */
export type AudienceFigures = typeof audience.static;
export type TopList = typeof top.static;
export type WeekMap = typeof week.static;
export type StayingCurve = typeof curve.static;
export type SessionList = typeof sessions.static;
export type PlayList = typeof plays.static;
