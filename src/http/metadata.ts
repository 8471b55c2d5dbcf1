// /admin/metadata and /admin.cgi: titles that come beside the audio, in all the forms encoders send them.
import { Elysia } from "elysia";
import { normaliseMount } from "../lib/mount-path.ts";
import { type Metadata, splitTitle } from "../mount/metadata.ts";
import type { MountParts } from "../mount-facts.ts";
import type { Station } from "../station.ts";
import { renderResponse } from "../stats/admin-xml.ts";
import { admitSource } from "./admin-auth.ts";
import { field, type Form, parseForm, queryOf } from "./form.ts";
import { refusal, reply } from "./reply.ts";
import { addressOf } from "./remote.ts";

/** Longer ones do not fit into an inline title. */
const MAX_TITLE_LENGTH = 4096;

/** A title with every tag of its track; a picture is none of them. */
const MAX_FORM_BYTES = 64 << 10;

const SUCCESS = "Metadata update successful";

/** The page that SHOUTcast's encoders are answered. */
export function successPage(sentence: string): string {
  return `<html><head><title>Admin request successful</title></head><body><p>${sentence}</p></body></html>`;
}

function line(text: string): string {
  const plain = text.replace(/\p{Cc}+/gu, " ");
  return plain.slice(0, MAX_TITLE_LENGTH).toWellFormed();
}

/** `song` wins, then `title` with its `artist`; null when nothing was said, which is no error. */
export function metadataOf(form: Form): Metadata | null {
  const charset = field(form, "charset");
  const [song = "", title = "", artist = ""] = ["song", "title", "artist"].map((name) =>
    line(field(form, name, charset)),
  );
  if (song !== "") return splitTitle(song);
  if (title === "") return null;
  return artist === "" ? splitTitle(title) : { artist, title };
}

/** The mount that a field names, decoded already: a second decoding must not change it. */
export function mountNamed(name: string, station: Station): MountParts | undefined {
  const path = normaliseMount(encodeURIComponent(name));
  return path === null ? undefined : station.parts(path);
}

/** What a form says is in the body or in the query, or in both; null when it is too long. */
async function formOf(request: Request): Promise<Form | null> {
  const query = queryOf(request);
  if (request.method !== "POST") return query;
  if (Number(request.headers.get("content-length") ?? 0) > MAX_FORM_BYTES) return null;
  const body = new Uint8Array(await request.arrayBuffer());
  return body.length > MAX_FORM_BYTES ? null : new Map([...query, ...parseForm(body)]);
}

function retitle(form: Form, parts: MountParts, station: Station): void {
  const metadata = metadataOf(form);
  if (metadata !== null) station.updateMetadata(parts.mount.path, metadata);
}

interface Ask {
  readonly request: Request;
  readonly address: string;
  readonly form: Form;
  readonly station: Station;
}

/** Icecast's order: credentials before all, so that a stranger does not learn which mounts there are. */
function answerIcecast({ form, station, ...asker }: Ask): Response {
  const parts = mountNamed(field(form, "mount"), station);
  const password = (parts ?? station.first).mount.config.sourcePassword;
  const refused = admitSource(asker, password, field(form, "pass"), station);
  if (refused !== null) return refused;
  if (!form.has("mount")) return refusal("Missing parameter");
  if (parts === undefined) return refusal("Source does not exist");
  if (!form.has("mode")) return refusal("Missing parameter");
  const isKnown = field(form, "mode") === "updinfo";
  if (isKnown) retitle(form, parts, station);
  return reply(renderResponse(isKnown ? SUCCESS : "No such action", isKnown), "text/xml");
}

/** `mount` by name, `sid` by its place in the configuration, else the first. */
export function shoutcastMount(form: Form, station: Station): MountParts | undefined {
  const name = field(form, "mount");
  if (name !== "") return mountNamed(name, station);
  const sid = field(form, "sid");
  if (sid === "") return station.first;
  return /^\d{1,4}$/.test(sid) ? station.nth(Number(sid)) : undefined;
}

function answerShoutcast({ form, station, ...asker }: Ask): Response {
  const pass = field(form, "pass");
  if (pass === "" && !asker.request.headers.has("authorization")) {
    return refusal("missing pass parameter");
  }
  const parts = shoutcastMount(form, station);
  const password = (parts ?? station.first).mount.config.sourcePassword;
  const refused = admitSource(asker, password, pass, station);
  if (refused !== null) return refused;
  if (parts === undefined) return refusal("Source does not exist");
  if (field(form, "mode") !== "updinfo") return refusal("No such action");
  retitle(form, parts, station);
  return reply(successPage(SUCCESS), "text/html");
}

const PARAMETERS = ["mount", "song", "title", "artist", "charset"].map((name) => ({
  name,
  in: "query" as const,
  schema: { type: "string" as const },
}));

const MODE = {
  name: "mode",
  in: "query" as const,
  required: true,
  schema: { type: "string" as const, enum: ["updinfo"] },
};

const DETAIL = {
  summary: "Set the title of a live show",
  tags: ["icecast"],
  description:
    "As encoders do it, with the mount's source credentials or the admin's (Basic). " +
    "A title that comes before its source is kept for it for a minute.",
  parameters: [MODE, ...PARAMETERS],
};

type Context = { request: Request; server: Parameters<typeof addressOf>[1] };

export function metadataRoutes(station: Station) {
  const handle =
    (answer: (ask: Ask) => Response) =>
    async ({ request, server }: Context): Promise<Response> => {
      const form = await formOf(request);
      if (form === null) return refusal("The form is too long", 413);
      return answer({ request, form, station, address: addressOf(request, server) });
    };
  const [icecast, shoutcast] = [handle(answerIcecast), handle(answerShoutcast)];
  const hidden = { detail: { hide: true } };
  return new Elysia({ name: "metadata" })
    .get("/admin/metadata", icecast, { detail: DETAIL })
    .post("/admin/metadata", icecast, { ...hidden, parse: "none" })
    .get("/admin.cgi", shoutcast, hidden)
    .post("/admin.cgi", shoutcast, { ...hidden, parse: "none" });
}
