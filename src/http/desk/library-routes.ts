// The desk's view of the music: how far it is known, looking for a file, hearing it, and playing it next.
import { extname } from "node:path";
import { Elysia, t } from "elysia";
import { within } from "../../lib/within.ts";
import type { OpenFile } from "../../lib/open-file.ts";
import { exchangeOf } from "../exchange.ts";
import type { Failure } from "../failure.ts";
import { bodyOf } from "../file-answer.ts";
import { mountNamed } from "../mount-choice.ts";
import { NO_MOUNT } from "./desk-api.ts";
import type { Desk } from "./desk.ts";
import { command, question, questionOfMount, questionWithFile } from "./desk-docs.ts";
import { done, failure, REFUSALS } from "./desk-schema.ts";
import { guard } from "./guard.ts";
import { renderFiles, renderLibrary } from "./library-render.ts";
import { files, library } from "./library-schema.ts";

/** A share may not answer at all. */
const MAX_WAIT_MS = 3000;

const MAX_FOUND = 100;

const NO_FILE: Failure = { error: "The playlist has no such file.", code: "no_such_file" };
const SILENT_DISK = { error: "The disk of the playlist does not answer." };

const mount = t.String({ maxLength: 1000, description: "Path of the mount; else the first" });
const file = t.String({ maxLength: 4096, description: "As listed" });

/** What browsers need to know about a file they are to play. */
const TYPES: Readonly<Record<string, string>> = {
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".oga": "audio/ogg",
  ".opus": "audio/ogg",
  ".spx": "audio/ogg",
  ".aac": "audio/aac",
  ".flac": "audio/flac",
  ".m4a": "audio/mp4",
  ".wav": "audio/wav",
};

export function libraryRoutes({ station, gate }: Desk) {
  const player = (path: string | undefined) => {
    const parts = path === undefined ? station.first : mountNamed(path, station);
    return parts?.mount.player ?? undefined;
  };
  return new Elysia({ name: "desk-library" })
    .use(guard(gate))
    .get("/api/admin/library", () => renderLibrary(station.facts()), {
      response: { 200: library, ...REFUSALS },
      ...question({ summary: "How far the music of each mount is known", answer: library }),
    })
    .get(
      "/api/admin/files",
      async ({ query, status }) => {
        const found = player(query.mount)?.search(query.search ?? "", query.limit ?? 20);
        if (found === undefined) return status(404, NO_MOUNT);
        const tracks = await within(MAX_WAIT_MS, found);
        return tracks === null ? status(409, SILENT_DISK) : renderFiles(tracks);
      },
      {
        query: t.Object({
          mount: t.Optional(mount),
          search: t.Optional(t.String({ maxLength: 200, description: "Words of names and tags" })),
          limit: t.Optional(t.Integer({ minimum: 1, maximum: MAX_FOUND })),
        }),
        response: { 200: files, 404: failure, 409: failure, ...REFUSALS },
        ...questionOfMount({ summary: "Files of a mount with all these words", answer: files }),
      },
    )
    .get(
      "/api/admin/preview",
      async ({ query, status }) => {
        const opened = player(query.mount)?.open(query.file ?? "");
        if (opened === undefined) return status(404, NO_MOUNT);
        const found = await within(MAX_WAIT_MS, opened);
        return found === null ? status(404, NO_FILE) : contentOf(found, query.file ?? "");
      },
      {
        query: t.Object({ mount: t.Optional(mount), file: t.Optional(file) }),
        ...questionWithFile("Hear a file of a mount", [...new Set(Object.values(TYPES))]),
      },
    )
    .post(
      "/api/admin/play-next",
      async ({ body, request, status }) => {
        const asked = player(body.mount)?.playNext(body.file);
        if (asked === undefined) return status(404, NO_MOUNT);
        const isDone = await within(MAX_WAIT_MS, asked);
        if (isDone === null) return status(409, SILENT_DISK);
        if (!isDone) return status(409, { error: `${body.file} cannot play here, or not yet.` });
        station.log.info(`${exchangeOf(request).user} plays ${body.file} next`);
        return { message: `${body.file} plays next.` };
      },
      {
        body: t.Object({ mount, file }),
        response: { 200: done, 404: failure, 409: failure, ...REFUSALS },
        ...command({ summary: "Play a file after the current track", answer: done }),
      },
    );
}

function contentOf(opened: OpenFile, name: string): Response {
  const type = TYPES[extname(name).toLowerCase()] ?? "application/octet-stream";
  return new Response(bodyOf(opened), { headers: { "content-type": type } });
}
