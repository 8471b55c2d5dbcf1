// What programs that watch an Icecast or a SHOUTcast ask for without a password.
import { Elysia } from "elysia";
import type { MountParts } from "../mount-facts.ts";
import type { Station } from "../station.ts";
import type { MountFacts } from "../stats/facts.ts";
import { renderSeven, renderShoutcastJson, renderShoutcastXml } from "../stats/shoutcast.ts";
import { renderStatusJson } from "../stats/status-json.ts";
import { renderStatusPage } from "../stats/status-page.ts";
import { normaliseMount } from "../lib/mount-path.ts";
import { field, type Form, queryOf } from "./form.ts";
import { shoutcastMount } from "./metadata.ts";
import { FOR_EVERYBODY, refusal, reply } from "./reply.ts";
import { baseUrl } from "./remote.ts";

const JSON_TYPE = "application/json; charset=UTF-8";
const HTML_TYPE = "text/html; charset=utf-8";
const XML_TYPE = "text/xml; charset=utf-8";

type Context = { request: Request; server: { readonly port?: number | undefined } | null };

/** The mount asked for; what can be no mount is one that is not there. */
function onlyOf(form: Form): string | undefined {
  const name = field(form, "mount");
  return name === "" ? undefined : (normaliseMount(encodeURIComponent(name)) ?? "");
}

function factsOf(parts: MountParts, station: Station): MountFacts {
  const { mounts } = station.facts();
  return mounts.find(({ path }) => path === parts.mount.path) ?? mounts[0];
}

function shoutcast(form: Form, station: Station): Response {
  const parts = shoutcastMount(form, station);
  if (parts === undefined) return refusal("No such stream", 404);
  const [mount, crowd] = [factsOf(parts, station), station.crowd(parts)];
  const facts = { version: station.facts().version, nowMs: station.wall.nowMs() };
  return field(form, "json") === "1"
    ? reply(renderShoutcastJson(mount, crowd, facts), JSON_TYPE, 200, FOR_EVERYBODY)
    : reply(renderShoutcastXml(mount, crowd, facts), XML_TYPE, 200, FOR_EVERYBODY);
}

function seven(form: Form, station: Station): Response {
  const parts = shoutcastMount(form, station);
  if (parts === undefined) return refusal("No such stream", 404);
  const text = renderSeven(factsOf(parts, station), station.crowd(parts));
  return reply(text, HTML_TYPE, 200, FOR_EVERYBODY);
}

const DETAIL = {
  summary: "The status as Icecast tells it",
  tags: ["icecast"],
  description: "`source` is absent, an object or an array, as programs that read it expect.",
  parameters: [{ name: "mount", in: "query" as const, schema: { type: "string" as const } }],
};

const HIDDEN = { detail: { hide: true } };

export function icecastStatus(station: Station) {
  const { host, listenPort } = station.config.server;
  const baseOf = ({ request, server }: Context) =>
    baseUrl(request, host, server?.port ?? listenPort);
  const json = (context: Context) => {
    const only = onlyOf(queryOf(context.request));
    const text = renderStatusJson(station.facts(), baseOf(context), only);
    return reply(text, JSON_TYPE, 200, FOR_EVERYBODY);
  };
  const html = (context: Context) =>
    reply(renderStatusPage(station.facts(), baseOf(context)), HTML_TYPE, 200, FOR_EVERYBODY);
  return new Elysia({ name: "icecast status" })
    .get("/status-json.xsl", json, { detail: DETAIL })
    .get("/status.xsl", html, HIDDEN)
    .get("/stats", ({ request }) => shoutcast(queryOf(request), station), HIDDEN)
    .get("/7.html", ({ request }) => seven(queryOf(request), station), HIDDEN);
}
