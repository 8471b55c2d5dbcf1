// The JSON API: each route with its schema, which is also its documentation.
import { Elysia, t } from "elysia";
import { isLocal } from "../../access/local.ts";
import type { Station } from "../../station/station.ts";
import { renderStats, renderStatus } from "../../stats/status.ts";
import { callerOf } from "../exchange.ts";
import { type Failure, failure } from "../failure.ts";
import { json, operation, query } from "../operation.ts";
import { stats, status } from "./api-schema.ts";

/** Listeners named in one answer: anybody may ask, and each costs a look at it. */
const LIMIT = { minimum: 0, maximum: 200, default: 100 };

const DISABLED: Failure = {
  error: "Statistics are disabled (advanced.enable_stats)",
  code: "disabled",
};

const PAGE = { minimum: 1, maximum: 1_000_000, default: 1 };

const STATS = operation({
  tag: "api",
  summary: "Listeners, bytes and buffers",
  description:
    "One page of the listeners, none beyond the last; everything else is of all of them.",
  parameters: [
    query("limit", "Listeners on a page", 10, { schema: { type: "integer", ...LIMIT } }),
    query("page", "Which page of them", 1, { schema: { type: "integer", ...PAGE } }),
  ],
  answers: {
    200: json("The statistics", stats),
    403: json("Disabled by advanced.enable_stats", failure),
    422: json("The limit or the page is no number, or out of bounds", failure),
  },
});

export function api(station: Station) {
  return new Elysia({ name: "api" })
    .onAfterHandle(({ set }) => {
      set.headers["access-control-allow-origin"] = "*";
    })
    .get(
      "/api/status",
      ({ request }) => renderStatus(station.facts(), isLocal(callerOf(request))),
      {
        response: { 200: status },
        ...operation({
          tag: "api",
          summary: "What is on air, and the number of listeners",
          description:
            "The first mount's fields are at the top level; `mounts` has those of every mount.",
          answers: { 200: json("The status", status) },
        }),
      },
    )
    .get(
      "/api/stats",
      ({ query: { limit, page }, status: answer }) => {
        if (!station.config.advanced.enableStats) {
          return answer(403, DISABLED);
        }
        return renderStats(station.facts(), limit, page);
      },
      {
        query: t.Object({ limit: t.Integer(LIMIT), page: t.Integer(PAGE) }),
        response: { 200: stats, 403: failure, 422: failure },
        ...STATS,
      },
    );
}
