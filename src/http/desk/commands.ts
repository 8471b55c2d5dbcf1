// POST /api/admin/…: the desk's commands, each about one mount.
import { Elysia, t } from "elysia";
import { within } from "../../lib/within.ts";
import { exchangeOf } from "../exchange.ts";
import type { Failure } from "../failure.ts";
import { kickListener, kickSource } from "../kick.ts";
import { mountNamed } from "../mount-choice.ts";
import { NO_MOUNT } from "./desk-api.ts";
import type { Desk } from "./desk.ts";
import { command } from "./desk-docs.ts";
import { guard } from "./guard.ts";
import { kickAt, NO_SERVER, otherNode, serveKicks } from "./other-servers.ts";
import { done, failure, REFUSALS } from "./desk-schema.ts";

const mount = t.String({ maxLength: 1000, description: "Path of the mount" });
const node = t.Optional(
  t.String({ maxLength: 64, description: "Another server of the cluster; this one if omitted" }),
);
const response = { 200: done, 404: failure, 409: failure, ...REFUSALS };

/** A share may not answer at all; the rescan continues. */
const MAX_RESCAN_MS = 3000;

const NO_SOURCE: Failure = { error: "No source is connected." };
const GONE_SOURCE: Failure = { error: "That source is not there any more." };

function goneListener(id: number): Failure {
  return { error: `Listener ${id} is not there any more.`, code: "no_such_listener" };
}

export function deskCommands({ station, gate }: Desk) {
  serveKicks(station);
  return new Elysia({ name: "desk-commands" })
    .use(guard(gate))
    .post(
      "/api/admin/kick-listener",
      async ({ body, request, status }) => {
        const done = { message: `Listener ${body.id} was disconnected.` };
        const by = exchangeOf(request).user;
        const other = otherNode(station, body.node);
        if (other !== null) {
          const isKicked = await kickAt(station, "kick-listener", { ...body, node: other, by });
          if (isKicked === null) return status(404, NO_SERVER);
          return isKicked ? done : status(404, goneListener(body.id));
        }
        const parts = mountNamed(body.mount, station);
        if (parts === undefined) return status(404, NO_MOUNT);
        return kickListener(parts, station, body.id, by)
          ? done
          : status(404, goneListener(body.id));
      },
      {
        body: t.Object({ mount, node, id: t.Integer({ minimum: 1, description: "As listed" }) }),
        response,
        ...command({ summary: "Disconnect a listener", answer: done }),
      },
    )
    .post(
      "/api/admin/kick-source",
      async ({ body, request, status }) => {
        const by = exchangeOf(request).user;
        const other = otherNode(station, body.node);
        if (other !== null) {
          const isKicked = await kickAt(station, "kick-source", { ...body, node: other, by });
          if (isKicked === null) return status(404, NO_SERVER);
          if (!isKicked) return status(409, NO_SOURCE);
          return { message: `The source of ${body.mount} was disconnected.` };
        }
        const parts = mountNamed(body.mount, station);
        if (parts === undefined) return status(404, NO_MOUNT);
        const isDone = kickSource(parts, station, by, body.id);
        if (!isDone) return status(409, body.id === undefined ? NO_SOURCE : GONE_SOURCE);
        const which = body.id === undefined ? "The source" : "A source";
        return { message: `${which} of ${parts.mount.path} was disconnected.` };
      },
      {
        body: t.Object({
          mount,
          node,
          id: t.Optional(
            t.Integer({ minimum: 1, description: "Another source, as listed in waiting" }),
          ),
        }),
        response,
        ...command({ summary: "Disconnect the live source, or another one", answer: done }),
      },
    )
    .post(
      "/api/admin/skip",
      ({ body, request, status }) => {
        const parts = mountNamed(body.mount, station);
        if (parts === undefined) return status(404, NO_MOUNT);
        const { player } = parts.mount;
        const file = player?.heardFile ?? "";
        if (!player?.skip()) return status(409, { error: "The playlist is not on air." });
        parts.mount.log.info(`${exchangeOf(request).user} skipped ${file}`);
        return { message: `${file} was skipped.` };
      },
      {
        body: t.Object({ mount }),
        response,
        ...command({ summary: "Play the next track now", answer: done }),
      },
    )
    .post(
      "/api/admin/rescan",
      async ({ body, status }) => {
        const parts = mountNamed(body.mount, station);
        if (parts === undefined) return status(404, NO_MOUNT);
        const { directory } = parts.mount.config.playlist;
        const { player } = parts.mount;
        const look = (player?.rescan() ?? Promise.resolve()).then(() => true);
        if ((await within(MAX_RESCAN_MS, look)) === null)
          return { message: `Still looking: ${directory} takes its time.` };
        const count = player?.tracks.count ?? 0;
        return { message: `The playlist has ${count} ${count === 1 ? "track" : "tracks"}.` };
      },
      {
        body: t.Object({ mount }),
        response,
        ...command({ summary: "Rescan the playlist directory now", answer: done }),
      },
    );
}
