// Icecast's public status: /status-json.xsl and /status.xsl.
import { Elysia } from "elysia";
import { CLUSTER_HEADER } from "../../access/membership.ts";
import { normaliseMount } from "../../lib/mount-path.ts";
import type { Station } from "../../station/station.ts";
import { RELAY_HEADER } from "../../wire/origins.ts";
import { mountsPlaying, mountsUp } from "../../stats/icestats.ts";
import { renderStatusJson } from "../../stats/status-json.ts";
import { renderStatusPage } from "../../stats/status-page.ts";
import { field, type Form, queryOf } from "../form.ts";
import { FOR_EVERYBODY, HTML_TYPE, JSON_TYPE, reply } from "../reply.ts";
import { baseUrl } from "../remote.ts";
import { STATUS_PAGE, statusJsonOperation } from "./status-docs.ts";

const STATUS_PATH = "/status-json.xsl";

type Context = { request: Request; server: Parameters<typeof baseUrl>[1] };

/** The requested mount; "" for a name that cannot be a mount. */
function onlyOf(form: Form): string | undefined {
  const name = field(form, "mount");
  return name === "" ? undefined : (normaliseMount(encodeURIComponent(name)) ?? "");
}

/** An edge mirrors what does not play at present too. */
function listFor({ headers }: Request, { membership, config }: Station): typeof mountsUp {
  if (!headers.has(RELAY_HEADER)) return mountsUp;
  if (!membership.isProven(headers.get(CLUSTER_HEADER), STATUS_PATH)) return mountsPlaying;
  const own = new Set(config.mounts.map(({ path }) => path));
  return (facts, only) => {
    const playing = new Set(mountsPlaying(facts, only).map(({ path }) => path));
    return facts.mounts.filter(({ path }) => own.has(path) || playing.has(path));
  };
}

export function icecastStatus(station: Station) {
  const baseOf = ({ request, server }: Context) => baseUrl(request, server, station.config.server);
  const json = (context: Context) => {
    const only = onlyOf(queryOf(context.request));
    const listed = listFor(context.request, station);
    const text = renderStatusJson(station.facts(), baseOf(context), only, listed);
    return reply(text, JSON_TYPE, 200, FOR_EVERYBODY);
  };
  const html = (context: Context) =>
    reply(renderStatusPage(station.facts(), baseOf(context)), HTML_TYPE, 200, FOR_EVERYBODY);
  return new Elysia({ name: "icecast status" })
    .get(STATUS_PATH, json, statusJsonOperation(station))
    .get("/status.xsl", html, STATUS_PAGE);
}
