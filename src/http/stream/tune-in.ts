// <mount>.m3u, .pls and .xspf, and SHOUTcast's /listen.pls: a stream as a file that players open.
import { Elysia } from "elysia";
import type { MountParts } from "../../mount-facts.ts";
import type { Station } from "../../station.ts";
import { listenUrl } from "../../stats/icestats.ts";
import { TUNE_IN, type TuneInKind } from "../../stats/tune-in.ts";
import { queryOf } from "../form.ts";
import { shoutcastMount } from "../mount-choice.ts";
import { FOR_EVERYBODY, refusal, reply } from "../reply.ts";
import { baseUrl } from "../remote.ts";
import { listenOperation, tuneInOperation } from "./docs.ts";

type Context = { request: Request; server: { readonly port?: number | undefined } | null };

/** Which mount a request is for. */
type Choose = (context: Context) => MountParts | undefined;

/** Whoever opens such a file is a player, and the source port serves those that take no chunks too. Behind
 * a proxy, whose port is not ours, the address stays as it was asked for. */
export function rawDoor(url: string, listenPort: number, { sourcePort }: Station): string {
  const door = new URL(url);
  if (door.port !== String(listenPort)) return url;
  door.port = String(sourcePort);
  return door.href;
}

export function tuneInRoutes(station: Station) {
  const { host, listenPort } = station.config.server;
  const handle = (kind: TuneInKind, choose: Choose) => (context: Context) => {
    const mount = choose(context)?.mount;
    if (mount === undefined) return refusal("No such stream", 404);
    const { request, server } = context;
    const { stationName: name, stationDescription: description } = mount.config.metadata;
    const port = server?.port ?? listenPort;
    const url = rawDoor(listenUrl(baseUrl(request, host, port), mount.path), port, station);
    return reply(kind.render({ url, name, description }), kind.contentType, 200, FOR_EVERYBODY);
  };
  const app = new Elysia({ name: "tune-in" });
  for (const { mount } of station.audiences) {
    for (const [ending, kind] of Object.entries(TUNE_IN)) {
      const path = `${mount.path}.${ending}`;
      // A mount may have the name that is another's file.
      if (station.parts(path) !== undefined) continue;
      app.get(
        path,
        handle(kind, () => station.parts(mount.path)),
        tuneInOperation(mount.path, kind),
      );
    }
  }
  const bySid: Choose = ({ request }) => shoutcastMount(queryOf(request), station);
  return app.get("/listen.pls", handle(TUNE_IN.pls, bySid), listenOperation(TUNE_IN.pls));
}
