// GET /api/admin/log: the lines of the log that are kept in memory, as JSON and as a file of text.
import { Elysia, t } from "elysia";
import { KEPT_LINES, LEVELS, type NumberedLine } from "../../lib/log-tail.ts";
import { choice } from "../choice.ts";
import type { Desk } from "./desk.ts";
import { questionWith, questionWithText } from "./desk-docs.ts";
import { log, REFUSALS } from "./desk-schema.ts";
import { guard } from "./guard.ts";

const CHOICE = {
  level: t.Optional(
    choice(LEVELS, { description: "Lines of this level and more important ones; all if omitted" }),
  ),
  search: t.Optional(t.String({ maxLength: 200, description: "Words that a line must have" })),
};

const TEXT_HEADERS = {
  "content-type": "text/plain; charset=utf-8",
  "content-disposition": 'attachment; filename="cycast.log"',
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

/** As in the log itself. */
function lineOf({ time, level, text }: NumberedLine): string {
  return `${time} ${level.padEnd(5)} ${text}\n`;
}

export function logRoutes({ station, gate }: Desk) {
  const { tail } = station.log;
  return new Elysia({ name: "desk-log" })
    .use(guard(gate))
    .get(
      "/api/admin/log",
      ({ query: { level = "debug", search = "", lines = 100 } }) => ({
        total: tail.count,
        lines: tail.matching({ level, search }, lines),
      }),
      {
        query: t.Object({
          ...CHOICE,
          lines: t.Optional(t.Integer({ minimum: 1, maximum: KEPT_LINES })),
        }),
        response: { 200: log, ...REFUSALS },
        ...questionWith({ summary: "Latest log lines", answer: log }),
      },
    )
    .get(
      "/api/admin/log/text",
      ({ query: { level = "debug", search = "" } }) => {
        const lines = tail.matching({ level, search }, KEPT_LINES);
        return new Response(lines.map(lineOf).join(""), { headers: TEXT_HEADERS });
      },
      {
        query: t.Object(CHOICE),
        ...questionWithText(`The latest ${KEPT_LINES} log lines as a file, or those of them found`),
      },
    );
}
