// Icecast's admin commands: who listens, and out with them.
import { Elysia } from "elysia";
import { refusalToMove } from "../listener/fallbacks.ts";
import type { MountParts } from "../mount-facts.ts";
import type { Station } from "../station.ts";
import {
  renderAdminStats,
  renderMembers,
  renderMounts,
  renderResponse,
} from "../stats/admin-xml.ts";
import { renderM3u } from "../stats/tune-in.ts";
import { admitAdmin } from "./admin-auth.ts";
import { field, type Form, queryOf } from "./form.ts";
import { mountNamed, successPage } from "./metadata.ts";
import { refusal, reply } from "./reply.ts";
import { addressOf, baseUrl } from "./remote.ts";

interface Ask {
  readonly station: Station;
  readonly form: Form;
  /** How the asker reaches the station. */
  readonly base: string;
}

type Command = (ask: Ask) => Response;
type MountCommand = (ask: Ask, parts: MountParts) => Response;

function xml(text: string): Response {
  return reply(text, "text/xml; charset=utf-8");
}

/** A command about one mount, which has to be named and to be there. */
function about(command: MountCommand): Command {
  return (ask) => {
    const name = field(ask.form, "mount");
    if (name === "") return refusal("Missing parameter");
    const parts = mountNamed(name, ask.station);
    return parts === undefined ? refusal("Source does not exist") : command(ask, parts);
  };
}

function stats({ station, form, base }: Ask): Response {
  const name = field(form, "mount");
  const only = name === "" ? undefined : mountNamed(name, station);
  if (name !== "" && only === undefined) return refusal("Source does not exist");
  const [facts, admin] = [station.facts(), station.adminFacts()];
  return xml(renderAdminStats(facts, admin, base, only?.mount.path));
}

function listMounts({ station }: Ask): Response {
  return xml(renderMounts(station.facts(), station.adminFacts(), station.wall.nowMs()));
}

function listClients({ station }: Ask, parts: MountParts): Response {
  return xml(renderMembers(parts.mount.path, station.members(parts)));
}

function killClient({ form }: Ask, { audience }: MountParts): Response {
  const id = field(form, "id");
  if (id === "") return refusal("Missing parameter");
  const number = /^\d{1,15}$/.test(id) ? Number(id) : 0;
  const isDone = audience.end(number, "the keeper ended it");
  return xml(renderResponse(`Client ${number} ${isDone ? "removed" : "not found"}`, isDone));
}

function killSource({ station }: Ask, { mount }: MountParts): Response {
  const isDone = mount.endLive("the keeper ended it", station.clock.nowMs());
  if (!isDone) return refusal("Source is not available");
  return xml(renderResponse("Source Removed", true));
}

function moveClients({ station, form }: Ask, from: MountParts): Response {
  const name = field(form, "destination");
  if (name === "") return refusal("Missing parameter");
  const to = mountNamed(name, station);
  if (to === undefined) return refusal("No such destination");
  const why = refusalToMove(from.audience, to.audience);
  if (why !== null) return refusal(why);
  from.audience.move(to.audience);
  return xml(renderResponse(`Clients moved from ${from.mount.path} to ${to.mount.path}`, true));
}

/** A mount that is its own fallback has none. */
function setFallback({ station, form }: Ask, from: MountParts): Response {
  const name = field(form, "fallback");
  if (name === "") return refusal("Missing parameter");
  const to = mountNamed(name, station);
  if (to === undefined) return refusal("No such destination");
  station.fallbacks.set(from.audience, to === from ? null : to.audience);
  return reply(successPage("Fallback configured"), "text/html");
}

function streamList({ station }: Ask): Response {
  const paths = station.facts().mounts.filter((mount) => mount.isUp);
  return reply(paths.map(({ path }) => `${path}\r\n`).join(""), "text/plain");
}

function unknown(): Response {
  return refusal("Unrecognised command");
}

/** A link for a player, with the credentials that the asker has put in. */
function buildM3u({ form, base }: Ask, { mount }: MountParts): Response {
  const [user, password] = [field(form, "username"), field(form, "password")];
  if (user === "" || password === "") return refusal("Missing parameter");
  const url = new URL(encodeURI(mount.path), base);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  const headers = { "content-disposition": 'attachment; filename="listen.m3u"' };
  return reply(renderM3u({ url: url.href }), "audio/x-mpegurl", 200, headers);
}

function parameters(names: readonly string[]) {
  const schema = { type: "string" as const };
  return names.map((name) => ({ name, in: "query" as const, required: true, schema }));
}

function detail(summary: string, ...names: readonly string[]) {
  const detail = { summary, tags: ["icecast"], parameters: parameters(names), responses: ANSWERS };
  return { detail };
}

const ANSWERS = {
  200: { description: "Icecast's own answer" },
  400: { description: "A parameter is missing, or names nothing that is there" },
  401: { description: "Basic authentication as server.admin_user is needed" },
  403: { description: "The commands are off: server.admin_password is empty" },
};

const HIDDEN = { detail: { hide: true } };

type Context = { request: Request; server: Parameters<typeof addressOf>[1] };

export function adminRoutes(station: Station) {
  const { host, listenPort } = station.config.server;
  const handle = (command: Command, isForAll = false) => {
    return ({ request, server }: Context): Response => {
      // Elysia answers HEAD by way of GET, and a command must not run for that.
      if (request.method === "HEAD") return refusal("Commands take GET", 405);
      const asker = { request, address: addressOf(request, server) };
      const isOpen = isForAll && station.config.server.admin !== null;
      const refused = isOpen ? null : admitAdmin(asker, station);
      const base = baseUrl(request, host, server?.port ?? listenPort);
      return refused ?? command({ station, form: queryOf(request), base });
    };
  };
  return new Elysia({ name: "admin" })
    .get("/admin/stats", handle(stats), detail("Everything there is to know"))
    .get("/admin/listmounts", handle(listMounts), detail("The mounts that play"))
    .get("/admin/listclients", handle(about(listClients)), detail("Who listens", "mount"))
    .get("/admin/killclient", handle(about(killClient)), detail("End a listener", "mount", "id"))
    .get("/admin/killsource", handle(about(killSource)), detail("End a live source", "mount"))
    .get(
      "/admin/moveclients",
      handle(about(moveClients)),
      detail("Move all listeners to another mount", "mount", "destination"),
    )
    .get(
      "/admin/fallbacks",
      handle(about(setFallback)),
      detail("Where listeners go when nothing plays any more", "mount", "fallback"),
    )
    .get("/admin/streamlist.txt", handle(streamList), HIDDEN)
    .get("/admin/streamlist", handle(streamList), HIDDEN)
    .get("/admin/buildm3u", handle(about(buildM3u), true), HIDDEN)
    .all("/admin", handle(unknown), HIDDEN)
    .all("/admin/*", handle(unknown), HIDDEN);
}
