// Probes of a service manager: /health and /health/live ask whether the data plane turns, /health/ready whether there
// is something to listen to.
import { Elysia, status, t } from "elysia";
import { notes, notReady } from "../doctor/readiness.ts";
import type { Station } from "../station/station.ts";
import { json, operation } from "./operation.ts";

const health = t.Object({ status: t.String(), uptime_seconds: t.Number() });

const readiness = t.Object({
  status: t.String({ description: "ok, or not ready" }),
  uptime_seconds: t.Number(),
  reasons: t.Array(t.String(), { description: "What keeps the station from being ready" }),
  notes: t.Array(t.String(), { description: "What should be looked at all the same" }),
});

const STOPPED = "the pump has stopped";

const LIVE = operation({
  tag: "api",
  summary: "Health check",
  answers: {
    200: json("The data plane does its work", health),
    503: json("Its pump has stood still", health),
  },
});

const READY = operation({
  tag: "api",
  summary: "Readiness check",
  description:
    "The ports are open, every mount has audio or is meant to be empty, and the disk takes what is written.",
  answers: {
    200: json("Listeners and sources can come", readiness),
    503: json("The reasons why not", readiness),
  },
});

const FOR_NOW = { "cache-control": "no-store" };

function uptimeSeconds(station: Station): number {
  return Math.floor(station.about.uptimeSeconds);
}

function liveness(station: Station) {
  return {
    status: station.pump.isTurning ? "ok" : STOPPED,
    uptime_seconds: uptimeSeconds(station),
  };
}

function readinessOf(station: Station) {
  const stopped = station.pump.isTurning ? [] : [STOPPED];
  const facts = station.facts();
  const reasons = [...stopped, ...notReady(facts)];
  return {
    status: reasons.length === 0 ? "ok" : "not ready",
    uptime_seconds: uptimeSeconds(station),
    reasons,
    notes: notes(facts),
  };
}

/** 503 for anything but ok. */
function judged<Answer extends { readonly status: string }>(answer: Answer) {
  return answer.status === "ok" ? answer : status(503, answer);
}

const SCHEMA = { response: { 200: health, 503: health }, ...LIVE };

export function healthRoute(station: Station) {
  return new Elysia({ name: "health" })
    .get("/health", () => judged(liveness(station)), SCHEMA)
    .get(
      "/health/live",
      ({ set }) => {
        Object.assign(set.headers, FOR_NOW);
        return judged(liveness(station));
      },
      SCHEMA,
    )
    .get(
      "/health/ready",
      ({ set }) => {
        Object.assign(set.headers, FOR_NOW);
        return judged(readinessOf(station));
      },
      { response: { 200: readiness, 503: readiness }, ...READY },
    );
}
