// /embed: a player that other pages show in a frame. Without scripts, or with ?script=1 the page's own.
import { Elysia, NotFoundError } from "elysia";
import type { MountFacts } from "../../facts/facts.ts";
import { normaliseMount } from "../../lib/mount-path.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { Station } from "../../station/station.ts";
import { field, type Form, queryOf } from "../form.ts";
import { mountNamed } from "../mount-choice.ts";
import { HTML_TYPE, refusal, reply } from "../reply.ts";
import { embedColours, embedLookOf, plainHeaders } from "./embed-look.ts";
import type { PageRequest } from "./page-request.ts";
import { type PlainLook, renderNow, renderPlayer } from "./plain-player.ts";

const HIDDEN = { detail: { hide: true } };

/** The server's root as seen from /embed or a mount below it, also behind a proxy that adds a folder. */
function rootFrom(path: string): string {
  return "../".repeat(path.split("/").length - 2) || "./";
}

function wantsScript(form: Form): boolean {
  return /^(?:1|true)$/.test(field(form, "script"));
}

/** The page's addresses are relative, so its player has to be at the root. */
function toRoot(root: string, path: string, form: Form): Response {
  const query = new URLSearchParams();
  for (const name of form.keys()) query.set(name, field(form, name));
  query.set("mount", path);
  const headers = { location: `${root}embed?${query}`, "cache-control": "no-cache" };
  return new Response(null, { status: 302, headers });
}

type Render = (mount: MountFacts, plain: PlainLook) => string;

/** `withScript` answers with the page's own player. */
export function embedRoutes(
  station: Station,
  withScript: (asked: PageRequest) => Promise<Response>,
) {
  const show = (parts: MountParts | undefined, form: Form, render: Render): Response => {
    const facts = parts && station.facts().mount(parts.mount.path);
    if (facts === undefined) return refusal("No such stream", 404);
    const look = embedLookOf(form);
    const html = render(facts, { look, colours: embedColours(station.brand, look) });
    return reply(html, HTML_TYPE, 200, plainHeaders(station.config.page.embedOn));
  };
  const chosen = (form: Form): MountParts | undefined => {
    const name = field(form, "mount");
    return name === "" ? station.first : mountNamed(name, station);
  };
  return new Elysia({ name: "embed" })
    .get(
      "/embed",
      ({ request, server }) => {
        const form = queryOf(request);
        const parts = chosen(form);
        return parts !== undefined && wantsScript(form)
          ? withScript({ request, server })
          : show(parts, form, (facts, plain) => renderPlayer("./", facts, plain));
      },
      HIDDEN,
    )
    .get(
      "/embed/now",
      ({ request }) => {
        const form = queryOf(request);
        return show(chosen(form), form, renderNow);
      },
      HIDDEN,
    )
    .get(
      "/embed/*",
      ({ params, request }) => {
        const parts = station.parts(normaliseMount(`/${params["*"]}`) ?? "");
        if (parts === undefined) throw new NotFoundError();
        const [form, { path }] = [queryOf(request), parts.mount];
        const root = rootFrom(`/embed${path}`);
        return wantsScript(form)
          ? toRoot(root, path, form)
          : show(parts, form, (facts, plain) => renderPlayer(root, facts, plain));
      },
      HIDDEN,
    );
}
