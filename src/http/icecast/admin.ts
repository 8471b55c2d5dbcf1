// Icecast's admin commands as routes: for programs in XML, for people as pages, for the admin alone.
import { Elysia } from "elysia";
import type { Station } from "../../station/station.ts";
import { admitAdmin } from "../admin-auth.ts";
import { exchangeOf } from "../exchange.ts";
import { queryOf } from "../form.ts";
import { asPage, asXml, refusal, refusedHead, type Write } from "../reply.ts";
import { baseUrl } from "../remote.ts";
import { BUILD_M3U, CHANGES, type Command, COMMANDS, LISTS } from "./admin-commands.ts";
import { adminOperation, m3uOperation } from "./admin-docs.ts";

const HIDDEN = { detail: { hide: true } };

type Context = { request: Request; server: Parameters<typeof baseUrl>[1] };

function namesOf<T extends object>(commands: T): (keyof T & string)[] {
  return Object.keys(commands) as (keyof T & string)[];
}

export function adminRoutes(station: Station) {
  const handle = (command: Command, write: Write = asXml, isForAll = false) => {
    const isChange = CHANGES.has(command);
    return async ({ request, server }: Context): Promise<Response> => {
      const client = { request, address: exchangeOf(request).address };
      const { listenPort: configured } = station.config.server;
      const isOpen = isForAll && station.admission.accounts.hasOperators;
      const refused =
        refusedHead(request) ?? (isOpen ? null : await admitAdmin(client, station, isChange));
      if (refused !== null) return refused;
      const listenPort = server?.port ?? configured;
      const base = baseUrl(request, server, station.config.server);
      const by = exchangeOf(request).user;
      return write(await command({ station, by, form: queryOf(request), base, listenPort }));
    };
  };
  const app = new Elysia({ name: "admin" });
  for (const name of namesOf(COMMANDS)) {
    const [path, command] = [`/admin/${name}`, COMMANDS[name]];
    app.get(path, handle(command), adminOperation(name, "plain", station));
    app.get(`${path}.xsl`, handle(command, asPage(name)), adminOperation(name, "page", station));
  }
  for (const name of namesOf(LISTS)) {
    app.get(`/admin/${name}`, handle(LISTS[name]), adminOperation(name, "plain", station));
  }
  const unknown = handle(() => refusal("Unrecognised command"));
  return app
    .get("/admin/buildm3u", handle(BUILD_M3U, asXml, true), m3uOperation(station))
    .all("/admin", unknown, HIDDEN)
    .all("/admin/*", unknown, HIDDEN);
}
