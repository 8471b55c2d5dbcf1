// /metrics: the numbers of the station for Prometheus, in the form that the client asks for.
import { Elysia } from "elysia";
import { refuseReader } from "../../access/metrics-reader.ts";
import { examine } from "../../doctor/doctor.ts";
import type { StationFacts } from "../../facts/facts.ts";
import type { BaseUrl } from "../../stats/icestats.ts";
import {
  type Family,
  OPEN_METRICS_TYPE,
  renderOpenMetrics,
  renderText,
  TEXT_TYPE,
} from "../../stats/metrics/exposition.ts";
import { icecastFamilies } from "../../stats/metrics/icecast-families.ts";
import { edgeFamilies } from "../../stats/metrics/edge-families.ts";
import { mountFamilies } from "../../stats/metrics/mount-families.ts";
import { clusterFamilies } from "../../stats/metrics/cluster-families.ts";
import { recordingFamilies } from "../../stats/metrics/recording-families.ts";
import { stationFamilies } from "../../stats/metrics/station-families.ts";
import type { Station } from "../../station/station.ts";
import { exchangeOf } from "../exchange.ts";
import { either, operation, text } from "../operation.ts";
import { baseUrl } from "../remote.ts";
import { reply } from "../reply.ts";

const PLAIN = "text/plain; charset=utf-8";

const HEADERS = { "cache-control": "no-store", vary: "Accept, Authorization" };

const METRICS = operation({
  tag: "api",
  summary: "Metrics for Prometheus",
  description:
    "For programs on this machine; for others as metrics.token and metrics.allow say. The token is sent as Authorization: Bearer.",
  answers: {
    200: either(
      text("The metrics", "text/plain", "# TYPE cycast_listeners gauge\n"),
      text("In OpenMetrics, for clients that accept it", "application/openmetrics-text", "# EOF\n"),
    ),
    401: text("The token is missing or wrong", "text/plain", "The metrics need the token.\n"),
    403: text("Not from this address", "text/plain", "The metrics are for this machine.\n"),
    429: text("Too many wrong tokens; Retry-After says when to go on", "text/plain", "Wait.\n"),
  },
});

/** How much the client wants a type, 0 to 1: by its q, and 1 without one. */
function wish(accept: string, type: string): number {
  const wanted = accept.split(",").map((part) =>
    part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  );
  const qs = wanted
    .filter(([name = ""]) => name === type)
    .map((parts) => Number(parts.find((part) => part.startsWith("q="))?.slice(2) ?? 1));
  return Math.max(0, ...qs.filter((q) => q <= 1));
}

/** OpenMetrics for clients that name it, unless they like the text format better. */
export function wantsOpenMetrics(accept: string): boolean {
  const open = wish(accept, "application/openmetrics-text");
  return open > 0 && open >= wish(accept, "text/plain");
}

function findings(facts: StationFacts): Record<string, number> {
  const counts = { trouble: 0, warning: 0, note: 0 };
  for (const { severity } of examine(facts)) counts[severity]++;
  return counts;
}

export function familiesOf(station: Station, base: BaseUrl): Family[] {
  const facts = station.facts();
  return [
    ...stationFamilies(facts, Bun.version, findings(facts)),
    ...mountFamilies(facts.mounts),
    ...recordingFamilies(facts.recordings),
    ...clusterFamilies(facts.cluster),
    ...edgeFamilies(facts.edges),
    ...icecastFamilies(facts, base),
  ];
}

function refusal(request: Request, station: Station): Response | null {
  const caller = { ...exchangeOf(request).origin, headers: request.headers };
  const refused = refuseReader(caller, station.config.metrics, station.admission);
  if (refused === null) return null;
  const { status, sentence, waitSeconds } = refused;
  const challenge = status === 401 ? { "www-authenticate": 'Bearer realm="metrics"' } : {};
  const wait = waitSeconds === undefined ? {} : { "retry-after": String(waitSeconds) };
  return reply(`${sentence}\n`, PLAIN, status, { ...HEADERS, ...challenge, ...wait });
}

export function metricsRoute(station: Station) {
  return new Elysia({ name: "metrics" }).get(
    "/metrics",
    ({ request, server }) => {
      const refused = refusal(request, station);
      if (refused !== null) return refused;
      const families = familiesOf(station, baseUrl(request, server, station.config.server));
      return wantsOpenMetrics(request.headers.get("accept") ?? "")
        ? reply(renderOpenMetrics(families), OPEN_METRICS_TYPE, 200, HEADERS)
        : reply(renderText(families), TEXT_TYPE, 200, HEADERS);
    },
    METRICS,
  );
}
