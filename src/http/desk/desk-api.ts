// GET /api/admin/…: what the desk shows. The cost of each call is bounded, whatever the number of listeners.
import { Elysia, t } from "elysia";
import { examine } from "../../doctor/doctor.ts";
import type { MountFacts } from "../../facts/facts.ts";
import { SAMPLE_MS } from "../../facts/watch.ts";
import type { Station } from "../../station/station.ts";
import { mountNamed } from "../mount-choice.ts";
import type { Desk } from "./desk.ts";
import { question, questionOfMount } from "./desk-docs.ts";
import { renderOverview } from "./desk-render.ts";
import type { Failure } from "../failure.ts";
import { guard } from "./guard.ts";
import * as schema from "./desk-schema.ts";
import { renderPlaylist } from "./library-render.ts";
import { playlist } from "./library-schema.ts";

const DAY_MINUTES = 24 * 60;

/** A wide screen shows no more. */
const MAX_POINTS = 720;

export const NO_MOUNT: Failure = { error: "There is no such mount.", code: "no_such_mount" };

/** For queries. */
export const MOUNT = t.Optional(
  t.String({ maxLength: 1000, description: "The first mount if omitted" }),
);

/** The named mount, or the first. */
function mountOf(station: Station, name: string | undefined): MountFacts | undefined {
  const parts = name === undefined ? station.first : mountNamed(name, station);
  return parts && station.facts().mount(parts.mount.path);
}

export function deskApi(desk: Desk) {
  const { station } = desk;
  const { REFUSALS, failure } = schema;
  return new Elysia({ name: "desk-api" })
    .use(guard(desk.gate))
    .get("/api/admin/overview", () => renderOverview(station.facts()), {
      response: { 200: schema.overview, ...REFUSALS },
      ...question({
        summary: "Mounts, what is on air, sources and listener counts",
        answer: schema.overview,
      }),
    })
    .get(
      "/api/admin/playlist",
      ({ query, status }) => {
        const mount = mountOf(station, query.mount);
        return mount === undefined ? status(404, NO_MOUNT) : renderPlaylist(mount);
      },
      {
        query: t.Object({ mount: MOUNT }),
        response: { 200: playlist, 404: failure, ...REFUSALS },
        ...questionOfMount({
          summary: "The current track of a playlist, and the next ones",
          answer: playlist,
        }),
      },
    )
    .get(
      "/api/admin/history",
      ({ query, status }) => {
        const mount = mountOf(station, query.mount);
        if (mount === undefined) return status(404, NO_MOUNT);
        const samples = ((query.minutes ?? 60) * 60_000) / SAMPLE_MS;
        const { history } = station.about.watch;
        const { stepSeconds, ...series } = history.series(mount.path, samples, MAX_POINTS);
        return { mount: mount.path, step_seconds: stepSeconds, ...series };
      },
      {
        query: t.Object({
          mount: MOUNT,
          minutes: t.Optional(t.Integer({ minimum: 1, maximum: DAY_MINUTES })),
        }),
        response: { 200: schema.history, 404: failure, ...REFUSALS },
        ...questionOfMount({
          summary: "Listeners over time",
          answer: schema.history,
          description: `At most ${MAX_POINTS} points of at most a day.`,
        }),
      },
    )
    .get("/api/admin/doctor", () => ({ findings: examine(station.facts()) }), {
      response: { 200: schema.doctor, ...REFUSALS },
      ...question({
        summary: "Problems, warnings and their remedies",
        answer: schema.doctor,
      }),
    });
}
