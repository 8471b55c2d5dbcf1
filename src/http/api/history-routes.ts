// /api/history: what was played when, from memory and beyond that from the database. /api/mounts/{mount}: one mount alone.
import { Elysia, t } from "elysia";
import type { PlayFacts, StationFacts } from "../../facts/facts.ts";
import { olderPlays } from "../../assembly/earlier-plays.ts";
import { playFacts } from "../../facts/timeline-facts.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { Station } from "../../station/station.ts";
import { renderMountStatus, renderPlay } from "../../stats/status.ts";
import { type Failure, failure, NO_SUCH_MOUNT } from "../failure.ts";
import { mountNamed } from "../mount-choice.ts";
import { json, MOUNT_IN_PATH, operation, query } from "../operation.ts";
import { mount as mountStatus, play } from "./api-schema.ts";

const LIMIT = { minimum: 1, maximum: 200, default: 50 };

const MAX_NAME_LENGTH = 1000;

const history = t.Object(
  {
    plays: t.Array(play, { description: "Titles, the newest first, without silence" }),
    next_before: t.Union([t.String(), t.Null()], {
      description: "`before` for the titles that follow; null: there are none",
    }),
  },
  { title: "History" },
);

const HISTORY = operation({
  tag: "api",
  id: "getHistory",
  summary: "What was played when",
  parameters: [
    query("mount", "The path of a mount; the latest of all mounts without"),
    query("before", "Only titles that began before: ISO 8601, or Unix seconds", "4102444800"),
    query("limit", "Titles in one answer", 50, { schema: { type: "integer", ...LIMIT } }),
  ],
  answers: {
    200: json("The titles", history),
    404: json("There is no such mount", failure),
    422: json("before is no date, or limit is no number or out of bounds", failure),
    503: json("Too many ask at a time for what was played long ago", failure),
  },
});

const MOUNT = operation({
  tag: "api",
  id: "getMount",
  summary: "What is on air on one mount",
  parameters: [MOUNT_IN_PATH],
  answers: {
    200: json("As in /api/status", mountStatus),
    404: json("There is no such mount", failure),
  },
});

/** In milliseconds since 1970; NaN if it is neither. */
function momentOf(before: string): number {
  return /^\d{1,12}(\.\d{1,6})?$/.test(before) ? Number(before) * 1000 : Date.parse(before);
}

/** Questions to the database at a time: more would hold up what is written to it. */
const MAX_ASKING = 8;

const BUSY: Failure = { error: "Too many ask for what was played long ago: try again." };

interface Page {
  readonly parts: MountParts | null;
  readonly beforeMs: number;
  readonly limit: number;
}

type Played = readonly [path: string, play: PlayFacts];

/** From memory, the newest first; one more than asked shows that there is more. */
function recent(facts: StationFacts, { parts, beforeMs, limit }: Page): Played[] {
  const path = parts?.mount.path;
  const mounts = facts.mounts.filter((mount) => path === undefined || mount.path === path);
  const all = mounts.flatMap((mount): Played[] =>
    mount.plays(limit + 1, beforeMs).map((one) => [mount.path, one]),
  );
  return all.sort(([, a], [, b]) => b.startedMs - a.startedMs).slice(0, limit + 1);
}

/** What one mount played before those, from the database. */
async function older(known: readonly Played[], page: Page, station: Station): Promise<Played[]> {
  const { parts, beforeMs, limit } = page;
  const count = limit + 1 - known.length;
  if (parts === null || count <= 0) return [];
  const last = known.at(-1)?.[1];
  const asked = { beforeMs: last?.startedMs ?? beforeMs, count };
  const { path } = parts.mount;
  const plays = await olderPlays(path, station.records.history, asked, last);
  return plays.map((one) => {
    const id = Math.floor(one.startedMs / 1000);
    return [path, playFacts({ ...one, id }, parts)];
  });
}

function answerOf(all: readonly Played[], limit: number) {
  const page = all.slice(0, limit);
  const last = all.length > limit ? page.at(-1)?.[1] : undefined;
  return {
    plays: page.map(([path, one]) => renderPlay(one, path)),
    next_before: last === undefined ? null : new Date(last.startedMs).toISOString(),
  };
}

export function historyRoutes(station: Station) {
  let asking = 0;
  const pageOf = async (page: Page) => {
    const known = recent(station.facts(), page);
    asking++;
    const more = await older(known, page, station).finally(() => asking--);
    return answerOf([...known, ...more], page.limit);
  };
  return new Elysia({ name: "history" })
    .onAfterHandle(({ set }) => {
      set.headers["access-control-allow-origin"] = "*";
    })
    .get(
      "/api/history",
      ({ query: { mount, before, limit }, status }) => {
        const parts = mount === undefined ? null : mountNamed(mount, station);
        if (parts === undefined) return status(404, NO_SUCH_MOUNT);
        const beforeMs = before === undefined ? Number.POSITIVE_INFINITY : momentOf(before);
        if (Number.isNaN(beforeMs)) return status(422, { error: "before is no date." });
        if (asking >= MAX_ASKING) return status(503, BUSY);
        return pageOf({ parts, beforeMs, limit });
      },
      {
        query: t.Object({
          mount: t.Optional(t.String({ maxLength: MAX_NAME_LENGTH })),
          before: t.Optional(t.String({ maxLength: 40 })),
          limit: t.Integer(LIMIT),
        }),
        response: { 200: history, 404: failure, 422: failure, 503: failure },
        ...HISTORY,
      },
    )
    .get(
      "/api/mounts/:mount",
      ({ params, status }) => {
        const path = mountNamed(params.mount, station)?.mount.path;
        const facts = path === undefined ? undefined : station.facts().mount(path);
        return facts === undefined ? status(404, NO_SUCH_MOUNT) : renderMountStatus(facts);
      },
      { response: { 200: mountStatus, 404: failure }, ...MOUNT },
    );
}
