// Icecast's admin commands: what each does, and its answer.
import { inTurns } from "../../lib/in-turns.ts";
import { refusalToMove } from "../../output/audience/fallbacks.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { Station } from "../../station/station.ts";
import { adminStats, commandAnswer, member, memberList, mountList } from "../../stats/admin-xml.ts";
import { renderForm } from "../../stats/html-page.ts";
import { listenUrl, mountsUp } from "../../stats/icestats.ts";
import { renderM3u } from "../../stats/player-files.ts";
import { field, type Form } from "../form.ts";
import { kickListener, kickSource } from "../kick.ts";
import { mountNamed } from "../mount-choice.ts";
import { HTML_TYPE, type Outcome, refusal, reply, successPage } from "../reply.ts";
import { rawDoor } from "../stream/tune-in-routes.ts";

export interface CommandCall {
  readonly station: Station;
  /** Who gives the command, for the log. */
  readonly by: string;
  readonly form: Form;
  /** How the client reaches the station. */
  readonly base: string;
  /** The one that listens, whichever is asked. */
  readonly listenPort: number;
}

export type Command = (call: CommandCall) => Outcome | Promise<Outcome>;
type MountCommand = (call: CommandCall, parts: MountParts) => ReturnType<Command>;

/** A command about one mount, which must be named and exist. */
function about(command: MountCommand): Command {
  return (call) => {
    const name = field(call.form, "mount");
    if (name === "") return refusal("Missing parameter");
    const parts = mountNamed(name, call.station);
    return parts === undefined ? refusal("Source does not exist") : command(call, parts);
  };
}

function stats({ station, form, base }: CommandCall): Outcome {
  const name = field(form, "mount");
  const only = name === "" ? undefined : mountNamed(name, station);
  if (name !== "" && only === undefined) return refusal("Source does not exist");
  return adminStats(station.facts(), base, only?.mount.path);
}

function listMounts({ station }: CommandCall): Outcome {
  return mountList(station.facts());
}

/** Tools expect the whole list, however long. */
async function listClients({ station }: CommandCall, parts: MountParts): Promise<Outcome> {
  const { path } = parts.mount;
  const listeners = station.facts().mount(path)?.some(0, Number.POSITIVE_INFINITY) ?? [];
  return memberList(path, await inTurns(listeners.values().map(member)));
}

function killClient({ station, form, by }: CommandCall, parts: MountParts): Outcome {
  const id = field(form, "id");
  if (id === "") return refusal("Missing parameter");
  const number = /^\d{1,15}$/.test(id) ? Number(id) : 0;
  const isDone = kickListener(parts, station, number, by);
  return commandAnswer(`Client ${number} ${isDone ? "removed" : "not found"}`, isDone);
}

function killSource({ station, by }: CommandCall, parts: MountParts): Outcome {
  if (!kickSource(parts, station, by)) return refusal("Source is not available");
  return commandAnswer("Source Removed", true);
}

function moveClients({ station, form, by }: CommandCall, from: MountParts): Outcome {
  const name = field(form, "destination");
  if (name === "") return refusal("Missing parameter");
  const to = mountNamed(name, station);
  if (to === undefined) return refusal("No such destination");
  const why = refusalToMove(from.audience, to.audience);
  if (why !== null) return refusal(why);
  const moved = from.audience.move(to.audience);
  from.mount.log.info(`${by} moved ${moved} listeners to ${to.mount.path}`);
  return commandAnswer(`Clients moved from ${from.mount.path} to ${to.mount.path}`, true);
}

/** A mount that is named as its own fallback gets none. */
function setFallback({ station, form }: CommandCall, from: MountParts): Outcome {
  const name = field(form, "fallback");
  if (name === "") return refusal("Missing parameter");
  const to = mountNamed(name, station);
  if (to === undefined) return refusal("No such destination");
  station.fallbacks.set(from.audience, to === from ? null : to.audience);
  return reply(successPage("Fallback configured"), "text/html");
}

/** A form for a title; /admin/metadata.xsl receives it. */
function updateMetadata(_: CommandCall, { mount }: MountParts): Outcome {
  const given = { mode: "updinfo", mount: mount.path };
  const title = `Update the title of ${mount.path}`;
  return reply(renderForm(title, "/admin/metadata.xsl", ["song"], given), HTML_TYPE);
}

export const NO_ACCOUNTS = "There are no listener accounts here: everybody may listen";

function manageAuth(): Outcome {
  return refusal(NO_ACCOUNTS, 501);
}

function streamList({ station }: CommandCall): Outcome {
  const mounts = mountsUp(station.facts());
  return reply(mounts.map(({ path }) => `${path}\r\n`).join(""), "text/plain");
}

/** A link for a player, with the credentials that the client has put in. */
function buildM3u(
  { station, form, base, listenPort }: CommandCall,
  { mount }: MountParts,
): Outcome {
  const [user, password] = [field(form, "username"), field(form, "password")];
  if (user === "" || password === "") return refusal("Missing parameter");
  const url = new URL(rawDoor(listenUrl(base, mount.path), listenPort, station));
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  const headers = { "content-disposition": 'attachment; filename="listen.m3u"' };
  return reply(renderM3u({ url: url.href }), "audio/x-mpegurl", 200, headers);
}

/** Commands that answer in XML, and with `.xsl` behind the name as a page. */
export const COMMANDS = {
  stats,
  listmounts: listMounts,
  listclients: about(listClients),
  killclient: about(killClient),
  killsource: about(killSource),
  moveclients: about(moveClients),
  fallbacks: about(setFallback),
  updatemetadata: about(updateMetadata),
  manageauth: manageAuth,
} as const satisfies Readonly<Record<string, Command>>;

/** A browser must not run these for a page of another site. */
export const CHANGES: ReadonlySet<Command> = new Set([
  COMMANDS.killclient,
  COMMANDS.killsource,
  COMMANDS.moveclients,
  COMMANDS.fallbacks,
]);

/** Commands with one form of answer. */
export const LISTS = {
  // LibreTime and Munin ask here; Icecast answers too, without documenting it.
  "stats.xml": stats,
  streamlist: streamList,
  "streamlist.txt": streamList,
  // Icecast-KH asks here first.
  streams: streamList,
} as const satisfies Readonly<Record<string, Command>>;

/** The one command that needs no login: its answer reveals nothing. */
export const BUILD_M3U: Command = about(buildM3u);
