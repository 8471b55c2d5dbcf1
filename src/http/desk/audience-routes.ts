// GET /api/admin/audience… and /api/admin/history/…: who listened, what played, and both as files.
import { Elysia, t } from "elysia";
import type { Answers, HistoryQuestion, Range } from "../../history/questions.ts";
import { within } from "../../lib/within.ts";
import type { Station } from "../../station/station.ts";
import {
  renderAudience,
  renderCurve,
  renderPlays,
  renderSessions,
  renderTop,
} from "./audience-render.ts";
import * as schema from "./audience-schema.ts";
import type { Desk } from "./desk.ts";
import { questionOfHistory } from "./desk-docs.ts";
import { failure, REFUSALS } from "./desk-schema.ts";
import { guard } from "./guard.ts";

/** A share may not answer at all. */
const MAX_WAIT_MS = 5000;

const DAY_SECONDS = 24 * 3600;

export const NO_HISTORY = { error: "No history is kept here, or its disk does not answer." };
const MAX_ROWS = 200;
const PER_PAGE = 50;

interface Asked {
  readonly mount?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** A day if nothing else was asked for. */
export function rangeOf({ mount = "", from, to }: Asked, nowMs: number): Range {
  const toMs = to === undefined ? nowMs + 1 : to * 1000;
  return { mount, fromMs: from === undefined ? toMs - DAY_SECONDS * 1000 : from * 1000, toMs };
}

/** null if there is no history, or no answer. */
export async function asked<Q extends HistoryQuestion>(
  { records }: Station,
  question: Q,
): Promise<Answers[Q["query"]] | null> {
  if (records.history === null) return null;
  return within(MAX_WAIT_MS, records.history.ask(question));
}

const response = { 409: failure, ...REFUSALS };

export function audienceRoutes({ station, gate }: Desk) {
  const nowMs = () => station.wall.nowMs();
  return new Elysia({ name: "desk-audience" })
    .use(guard(gate))
    .get(
      "/api/admin/audience",
      async ({ query, status }) => {
        const range = rangeOf(query, nowMs());
        const { step = "hour" } = query;
        const counted = { ...range, query: "top", limit: 1000 } as const;
        const [points, days, bots, relays] = await Promise.all([
          asked(station, { query: "series", ...range, step }),
          asked(station, { query: "series", ...range, step: "day" }),
          asked(station, { ...counted, dimension: "bot" }),
          asked(station, { ...counted, dimension: "relay" }),
        ]);
        if (points === null || days === null || bots === null || relays === null)
          return status(409, NO_HISTORY);
        return renderAudience(range, step, { points, days, bots, relays }, nowMs());
      },
      {
        query: t.Object({ ...schema.range, step: schema.step }),
        response: { 200: schema.audience, ...response },
        ...questionOfHistory({
          summary: "Listening hours, average and peak listeners, sessions and different listeners",
          answer: schema.audience,
        }),
      },
    )
    .get(
      "/api/admin/audience/top",
      async ({ query, status }) => {
        const { by: dimension = "title", limit = 20 } = query;
        const range = rangeOf(query, nowMs());
        const rows = await asked(station, { query: "top", ...range, dimension, limit });
        return rows === null ? status(409, NO_HISTORY) : renderTop(dimension, rows);
      },
      {
        query: t.Object({
          ...schema.range,
          by: schema.dimension,
          limit: t.Optional(t.Integer({ minimum: 1, maximum: MAX_ROWS })),
        }),
        response: { 200: schema.top, ...response },
        ...questionOfHistory({
          summary: "The most heard titles, artists, shows, players, countries, ports or mounts",
          answer: schema.top,
        }),
      },
    )
    .get(
      "/api/admin/audience/week",
      async ({ query, status }) => {
        const days = await asked(station, { query: "week", ...rangeOf(query, nowMs()) });
        if (days === null) return status(409, NO_HISTORY);
        return { days: days.map((row) => [...row]) };
      },
      {
        query: t.Object(schema.range),
        response: { 200: schema.week, ...response },
        ...questionOfHistory({
          summary: "Average listeners by day of the week and hour",
          answer: schema.week,
        }),
      },
    )
    .get(
      "/api/admin/audience/curve",
      async ({ query, status }) => {
        const { artist = "", title = "" } = query;
        const range = rangeOf(query, nowMs());
        const found = await asked(station, { query: "curve", ...range, artist, title });
        return found === null ? status(409, NO_HISTORY) : renderCurve(found);
      },
      {
        query: t.Object({
          ...schema.range,
          artist: t.Optional(t.String({ maxLength: 1000 })),
          title: t.Optional(t.String({ maxLength: 1000, description: "All titles if omitted" })),
        }),
        response: { 200: schema.curve, ...response },
        ...questionOfHistory({
          summary: "How many of those listening as a title begins still do so later",
          answer: schema.curve,
        }),
      },
    )
    .get(
      "/api/admin/audience/sessions",
      async ({ query, status }) => {
        const { search = "", page = 1, per_page: limit = PER_PAGE } = query;
        const part = { search, offset: (page - 1) * limit, limit };
        const range = rangeOf(query, nowMs());
        const found = await asked(station, { query: "sessions", ...range, ...part });
        return found === null ? status(409, NO_HISTORY) : renderSessions(found, page, limit);
      },
      {
        query: t.Object({
          ...schema.range,
          search: schema.search,
          page: t.Optional(t.Integer({ minimum: 1, maximum: 10_000 })),
          per_page: t.Optional(t.Integer({ minimum: 1, maximum: MAX_ROWS })),
        }),
        response: { 200: schema.sessions, ...response },
        ...questionOfHistory({
          summary: "One page of the listening sessions, the newest first",
          answer: schema.sessions,
        }),
      },
    )
    .get(
      "/api/admin/history/plays",
      async ({ query, status }) => {
        const { search = "", page = 1, limit = PER_PAGE } = query;
        const part = { search, limit, offset: (page - 1) * limit };
        const found = await asked(station, { query: "plays", ...rangeOf(query, nowMs()), ...part });
        return found === null ? status(409, NO_HISTORY) : renderPlays(found);
      },
      {
        query: t.Object({
          ...schema.range,
          search: schema.search,
          page: t.Optional(t.Integer({ minimum: 1, maximum: 10_000 })),
          limit: t.Optional(t.Integer({ minimum: 1, maximum: MAX_ROWS })),
        }),
        response: { 200: schema.plays, ...response },
        ...questionOfHistory({
          summary: "What played when, with who heard it, the newest first",
          answer: schema.plays,
        }),
      },
    );
}
