// Recordings at the desk: their list, hearing and downloading them, holding and deleting them, and playing them again.
import { Elysia, t } from "elysia";
import type { Desk } from "./desk.ts";
import { command, questionWith, questionWithFile } from "./desk-docs.ts";
import { done, failure, REFUSALS } from "./desk-schema.ts";
import { guard } from "./guard.ts";
import { renderRecordings } from "./recording-render.ts";
import { NO_RECORDING, RecordingActions } from "./recording-actions.ts";
import { recordings } from "./recording-schema.ts";

const id = t.String({ maxLength: 64, description: "As listed" });
const response = { 200: done, 404: failure, 409: failure, ...REFUSALS };

const TYPES = ["audio/mpeg", "audio/aac", "audio/ogg", "audio/webm", "audio/x-matroska"];

const LIST = questionWith({
  summary: "Recordings, and what is recorded now",
  description: "The files on one page, the newest first.",
  answer: recordings,
});

const REPLAY = command({
  summary: "Put a recording into the playlist of its mount",
  description:
    "As a link to the same file, or a copy on another disk: it stays there when the recording is deleted. The folder is playlist_directory of the recording, else the playlist's.",
  answer: done,
});

export function recordingRoutes({ station, gate }: Desk) {
  const actions = new RecordingActions(station);
  const filesOf = (mount: string | undefined) =>
    station.facts().recordings.filter((one) => mount === undefined || one.mount === mount);
  return new Elysia({ name: "desk-recordings" })
    .use(guard(gate))
    .get(
      "/api/admin/recordings",
      ({ query }) => {
        const { limit = 50, page = 1 } = query;
        return renderRecordings(filesOf(query.mount), { limit, page });
      },
      {
        query: t.Object({
          mount: t.Optional(t.String({ maxLength: 1000, description: "Of this mount only" })),
          limit: t.Optional(t.Integer({ minimum: 1, maximum: 500 })),
          page: t.Optional(t.Integer({ minimum: 1, maximum: 1_000_000 })),
        }),
        response: { 200: recordings, ...REFUSALS },
        ...LIST,
      },
    )
    .get(
      "/api/admin/recordings/audio",
      async ({ query, request, status }) => {
        const { id: asked = "", download } = query;
        const [found, isDownload] = [actions.find(asked), download === "1"];
        const answer =
          found === null
            ? await actions.growing(asked, request, isDownload)
            : await actions.audio(found, request, isDownload);
        return answer ?? status(404, NO_RECORDING);
      },
      {
        query: t.Object({
          id: t.Optional(id),
          download: t.Optional(t.String({ maxLength: 8, description: "1: to be saved" })),
        }),
        ...questionWithFile(
          "Hear or download a recording, one that grows as far as it is written, or a range of its bytes",
          TYPES,
        ),
      },
    )
    .post(
      "/api/admin/recordings/hold",
      async ({ body, request, status }) => {
        const found = actions.find(body.id);
        if (found === null) return status(404, NO_RECORDING);
        const outcome = await actions.hold(found, body.hold ?? true, request);
        return "error" in outcome ? status(409, outcome) : outcome;
      },
      {
        body: t.Object({
          id,
          hold: t.Optional(
            t.Boolean({ description: "False lets keep and min_free delete it again" }),
          ),
        }),
        response,
        ...command({ summary: "Keep a recording whatever keep and min_free say", answer: done }),
      },
    )
    .post(
      "/api/admin/recordings/playlist",
      async ({ body, request, status }) => {
        const found = actions.find(body.id);
        if (found === null) return status(404, NO_RECORDING);
        const outcome = await actions.replay(found, request);
        return "error" in outcome ? status(409, outcome) : outcome;
      },
      { body: t.Object({ id }), response, ...REPLAY },
    )
    .delete(
      "/api/admin/recordings",
      async ({ query, request, status }) => {
        const found = actions.find(query.id);
        if (found === null) return status(404, NO_RECORDING);
        const outcome = await actions.remove(found, request);
        return "error" in outcome ? status(409, outcome) : outcome;
      },
      {
        query: t.Object({ id: t.Optional(id) }),
        response,
        ...command({ summary: "Delete a recording", answer: done }),
      },
    );
}
