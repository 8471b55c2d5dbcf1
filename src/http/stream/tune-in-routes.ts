// <mount>.m3u, .pls and .xspf, and SHOUTcast's /listen.pls: a stream as a file that players open.
import { Elysia } from "elysia";
import { signaturePart } from "../../access/signed-address.ts";
import { normaliseMount } from "../../lib/mount-path.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { Station } from "../../station/station.ts";
import { listenUrl } from "../../stats/icestats.ts";
import { TUNE_IN, type TuneInKind } from "../../stats/player-files.ts";
import { queryOf, queryText } from "../form.ts";
import { shoutcastMount } from "../mount-choice.ts";
import { FOR_EVERYBODY, refusal, reply } from "../reply.ts";
import { baseUrl } from "../remote.ts";
import { listenOperation } from "./stream-docs.ts";

type Context = { request: Request; server: Parameters<typeof baseUrl>[1] };

/** Only players open such files, and the source port also serves those that do not understand chunks. Behind a proxy,
 * whose port is not ours, the address stays as requested. */
export function rawDoor(url: string, listenPort: number, { sourcePort }: Station): string {
  const door = new URL(url);
  if (door.port !== String(listenPort)) return url;
  door.port = String(sourcePort);
  return door.href;
}

/** The tune-in file of a mount by its path, such as /stream.m3u; null if there is none. */
export function tuneInNamed(path: string, context: Context, station: Station): Response | null {
  const [, name = "", ending = ""] = /^(.+)\.([a-z0-9]+)$/.exec(path) ?? [];
  const kind = Object.hasOwn(TUNE_IN, ending) ? TUNE_IN[ending as keyof typeof TUNE_IN] : undefined;
  const mount = normaliseMount(name);
  const parts = mount === null ? undefined : station.parts(mount);
  return kind === undefined || parts === undefined ? null : answer(kind, parts, context, station);
}

function answer(
  kind: TuneInKind,
  { mount }: MountParts,
  { request, server }: Context,
  station: Station,
) {
  const { stationName: name, stationDescription: description } = mount.config.metadata;
  const port = server?.port ?? station.config.server.listenPort;
  const base = baseUrl(request, server, station.config.server);
  const signature = signaturePart(new URLSearchParams(queryText(request)));
  const door = rawDoor(listenUrl(base, mount.path), port, station);
  const url = signature === "" ? door : `${door}?${signature}`;
  return reply(kind.render({ url, name, description }), kind.contentType, 200, FOR_EVERYBODY);
}

/** SHOUTcast's tune-in file. */
export function tuneInRoutes(station: Station) {
  return new Elysia({ name: "tune-in" }).get(
    "/listen.pls",
    (context) => {
      const parts = shoutcastMount(queryOf(context.request), station);
      if (parts === undefined) return refusal("No such stream", 404);
      return answer(TUNE_IN.pls, parts, context, station);
    },
    listenOperation(TUNE_IN.pls),
  );
}
