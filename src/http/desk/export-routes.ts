// GET /api/admin/history/export and /api/admin/audience/export: what played, and sessions, as files.
import { Elysia, t } from "elysia";
import type { HeardPlay, Range, SessionsQuestion } from "../../history/questions.ts";
import {
  ALL_COLUMNS,
  type Column,
  columnsOf,
  csvLine,
  playCells,
  playObject,
  NODE_HEADING,
  SESSION_HEADINGS,
  sessionCells,
  SoundExchange,
} from "../../stats/reports.ts";
import type { Station } from "../../station/station.ts";
import { asked, NO_HISTORY, rangeOf } from "./audience-routes.ts";
import * as schema from "./audience-schema.ts";
import type { Desk } from "./desk.ts";
import { type Exchange, exchangeOf } from "../exchange.ts";
import { questionWithTable } from "./desk-docs.ts";
import { guard } from "./guard.ts";

/** Rows in one query: between two of them, others are answered. */
const PAGE_ROWS = 500;

const FORMATS = ["csv", "json", "soundexchange"] as const;
const UNKNOWN_COLUMN = { error: "There is no such column." };

interface Format {
  readonly columns: readonly Column[];
  readonly separator: string;
  readonly service: string;
  readonly country: string;
}

export function exportRoutes({ station, gate }: Desk) {
  const nowMs = () => station.wall.nowMs();
  return new Elysia({ name: "desk-export" })
    .use(guard(gate))
    .get(
      "/api/admin/history/export",
      ({ request, query, status }) => {
        const columns = query.columns === undefined ? ALL_COLUMNS : columnsOf(query.columns);
        if (columns === null) return status(422, UNKNOWN_COLUMN);
        if (station.records.history === null) return status(409, NO_HISTORY);
        const { format = "csv", separator = ",", country = "" } = query;
        const service = query.service ?? station.first.mount.config.metadata.stationName;
        const plays = playsOf(station, pastOf(query, nowMs()), query.search ?? "");
        return fileOf(request, format, plays, { columns, separator, service, country });
      },
      {
        query: t.Object({
          ...schema.range,
          search: schema.search,
          format: t.Optional(
            t.Union(
              FORMATS.map((format) => t.Literal(format)),
              { description: "csv if omitted" },
            ),
          ),
          columns: t.Optional(
            t.String({
              maxLength: 2000,
              description: 'Columns of CSV with their headings, like "date:Datum,artist,title"',
            }),
          ),
          separator: t.Optional(t.String({ minLength: 1, maxLength: 1, description: "Of CSV" })),
          service: t.Optional(t.String({ maxLength: 200, description: "Name in SoundExchange's" })),
          country: t.Optional(
            t.String({ maxLength: 2, description: "Performances of SoundExchange's to it alone" }),
          ),
        }),
        ...questionWithTable("What played as CSV, JSON or SoundExchange's report of use"),
      },
    )
    .get(
      "/api/admin/audience/export",
      ({ request, query, status }) => {
        if (station.records.history === null) return status(409, NO_HISTORY);
        const lines = sessionLines(station, pastOf(query, nowMs()), query.search ?? "");
        return download(request, lines, "sessions.csv", CSV);
      },
      {
        query: t.Object({ ...schema.range, search: schema.search }),
        ...questionWithTable("Listening sessions as CSV"),
      },
    );
}

const CSV = "text/csv; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

function fileOf(
  request: Request,
  format: (typeof FORMATS)[number],
  plays: AsyncIterable<HeardPlay>,
  about: Format,
): Response {
  if (format === "json") return download(request, jsonPieces(plays), "history.json", JSON_TYPE);
  if (format === "csv") return download(request, csvPieces(plays, about), "history.csv", CSV);
  const type = "text/plain; charset=us-ascii";
  return download(request, report(plays, about), "report-of-use.txt", type);
}

async function* playsOf(station: Station, range: Range, search: string): AsyncGenerator<HeardPlay> {
  let last: HeardPlay | undefined;
  do {
    const before = last && { before: { id: last.id, beganMs: last.beganMs } };
    const part = { search, limit: PAGE_ROWS, offset: 0, ...before };
    const page = whole(await asked(station, { query: "plays", ...range, ...part }));
    yield* page;
    last = page.length < PAGE_ROWS ? undefined : page.at(-1);
  } while (last !== undefined);
}

async function* csvPieces(plays: AsyncIterable<HeardPlay>, { columns, separator }: Format) {
  yield csvLine(
    columns.map(({ heading }) => heading),
    separator,
  );
  for await (const play of plays) yield csvLine(playCells(play, columns), separator);
}

async function* jsonPieces(plays: AsyncIterable<HeardPlay>) {
  let before = "[\n";
  for await (const play of plays) {
    yield `${before}${JSON.stringify(playObject(play))}`;
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

async function* report(plays: AsyncIterable<HeardPlay>, { service, country }: Format) {
  const made = new SoundExchange({ service, category: "A", country: country.toUpperCase() });
  for await (const play of plays) made.add(play);
  yield made.text();
}

async function* sessionLines(station: Station, range: Range, search: string) {
  const own = station.cluster.node;
  yield csvLine(own === null ? SESSION_HEADINGS : [...SESSION_HEADINGS, NODE_HEADING]);
  let beforeId: number | null = 2 ** 52;
  while (beforeId !== null) {
    const part: Pick<SessionsQuestion, "search" | "limit" | "offset" | "beforeId"> = {
      ...{ search, limit: PAGE_ROWS, offset: 0, beforeId },
    };
    const page = whole(await asked(station, { query: "sessions", ...range, ...part }));
    for (const row of page.rows) {
      const cells = sessionCells(row);
      yield csvLine(own === null ? cells : [...cells, row.node || own]);
    }
    beforeId = page.nextId;
  }
}

/** Up to now: what begins while the pages are read would shift them, and rows would come twice. */
function pastOf(query: Parameters<typeof rangeOf>[0], nowMs: number): Range {
  const range = rangeOf(query, nowMs);
  return { ...range, toMs: Math.min(range.toMs, nowMs + 1) };
}

/** A file that lacks its end must not look complete: the connection breaks instead. */
function whole<T>(page: T | null): T {
  if (page === null) throw new Error(NO_HISTORY.error);
  return page;
}

/** Written as it is read, and never whole in memory: neither the access log nor compression may collect it. */
function download(
  request: Request,
  pieces: AsyncIterable<string>,
  name: string,
  type: string,
): Response {
  const streamed: Exchange["streamed"] = { onEnd: null };
  exchangeOf(request).streamed = streamed;
  const body = streamOf(pieces, (sentBytes) => streamed.onEnd?.(sentBytes));
  const disposition = `attachment; filename="${name}"`;
  return new Response(body, {
    headers: { "content-type": type, "content-disposition": disposition },
  });
}

/** `over` gets the bytes when the body has ended; 0 if it has failed: how much of it was sent is not known then. */
function streamOf(pieces: AsyncIterable<string>, over: (sentBytes: number) => void) {
  const iterator = pieces[Symbol.asyncIterator]();
  let bytes = 0;
  const next = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const { done, value } = await iterator.next();
    if (done === true) {
      controller.close();
      return over(bytes);
    }
    const piece = new TextEncoder().encode(value);
    bytes += piece.length;
    controller.enqueue(piece);
  };
  const failed = (error: unknown) => {
    over(0);
    throw error;
  };
  const cancel = async () => {
    over(bytes);
    await iterator.return?.();
  };
  // Nothing is read before it is asked for.
  return new ReadableStream({ pull: (to) => next(to).catch(failed), cancel }, { highWaterMark: 0 });
}
