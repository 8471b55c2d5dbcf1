// /admin.cgi: SHOUTcast's commands, with the password in the query.
import { Elysia } from "elysia";
import { inTurns } from "../../lib/in-turns.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { Station } from "../../station/station.ts";
import { listener, namesListeners, viewXml as view } from "../../stats/view-xml.ts";
import { admitAdmin, admitTitle } from "../admin-auth.ts";
import { exchangeOf } from "../exchange.ts";
import { field } from "../form.ts";
import { kickSource } from "../kick.ts";
import { shoutcastMount } from "../mount-choice.ts";
import { type Outcome, refusal, reply, successPage, UPDATED } from "../reply.ts";
import { type FormCall, retitle, takingForm } from "./metadata-routes.ts";
import { shoutcastAdminOperation } from "./metadata-docs.ts";

type ModeOf = (call: FormCall, parts: MountParts) => Outcome | Promise<Outcome>;

function success(sentence: string): Outcome {
  return reply(successPage(sentence), "text/html");
}

async function updateTitle(call: FormCall): Promise<Outcome> {
  const { form, station, ...client } = call;
  const pass = field(form, "pass");
  if (pass === "" && !client.request.headers.has("authorization")) {
    return refusal("missing pass parameter");
  }
  const parts = shoutcastMount(form, station);
  const refused = await admitTitle(client, parts, pass, station);
  if (refused !== null) return refused;
  if (parts === undefined) return refusal("Source does not exist");
  retitle(call, parts);
  return success(UPDATED);
}

async function viewXml({ form, station }: FormCall, parts: MountParts): Promise<Outcome> {
  const page = Number(field(form, "page"));
  const facts = station.facts();
  const mount = facts.mount(parts.mount.path);
  if (mount === undefined) return refusal("Source does not exist");
  const some = namesListeners(page) ? mount.some(0, Number.POSITIVE_INFINITY) : [];
  const listeners = await inTurns(some.values().map(listener));
  return view(mount, listeners, facts, page);
}

function kickSrc({ request, station }: FormCall, parts: MountParts): Outcome {
  return kickSource(parts, station, exchangeOf(request).user)
    ? success("Source Removed")
    : refusal("Source is not available");
}

/** Only the admin learns which modes exist. */
const ADMIN_MODES: Readonly<Record<string, ModeOf>> = {
  viewxml: viewXml,
  kicksrc: kickSrc,
};

async function answer(call: FormCall): Promise<Outcome> {
  const { form, station } = call;
  const mode = field(form, "mode");
  if (mode === "updinfo") return updateTitle(call);
  const refused = await admitAdmin(call, station, mode === "kicksrc", field(form, "pass"));
  if (refused !== null) return refused;
  const command = Object.hasOwn(ADMIN_MODES, mode) ? ADMIN_MODES[mode] : undefined;
  if (command === undefined) return refusal("No such action");
  const parts = shoutcastMount(form, station);
  return parts === undefined ? refusal("Source does not exist") : command(call, parts);
}

export function shoutcastAdmin(station: Station) {
  const handler = takingForm(station, answer);
  return new Elysia({ name: "shoutcast admin" })
    .get("/admin.cgi", handler, shoutcastAdminOperation("get"))
    .post("/admin.cgi", handler, { ...shoutcastAdminOperation("post"), parse: "none" });
}
