// /health for probes: 200 while the pump runs, 503 when it has stopped.
import { Elysia, t } from "elysia";
import type { Station } from "../station.ts";
import { json, operation } from "./operation.ts";

const health = t.Object({ status: t.String(), uptime_seconds: t.Number() });

export function healthRoute(station: Station) {
  return new Elysia({ name: "health" }).get(
    "/health",
    ({ status }) => {
      const uptime_seconds = Math.floor(station.about.uptimeSeconds);
      return station.pump.isTurning
        ? { status: "ok", uptime_seconds }
        : status(503, { status: "the pump has stopped", uptime_seconds });
    },
    {
      response: { 200: health, 503: health },
      ...operation({
        tag: "api",
        summary: "Health check",
        answers: {
          200: json("The data plane does its work", health),
          503: json("Its pump has stood still", health),
        },
      }),
    },
  );
}
