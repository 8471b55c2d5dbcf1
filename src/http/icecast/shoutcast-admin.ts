// /admin.cgi: SHOUTcast's commands, whose password comes in the query.
import { Elysia } from "elysia";
import { inTurns } from "../../lib/in-turns.ts";
import type { MountParts } from "../../mounts.ts";
import type { Station } from "../../station.ts";
import { listener, namesListeners, viewXml as view } from "../../stats/view-xml.ts";
import { admitAdmin, admitSource } from "../admin-auth.ts";
import { field } from "../form.ts";
import { endSource } from "../keeper.ts";
import { shoutcastMount } from "../mount-choice.ts";
import { type Outcome, refusal, reply, successPage, UPDATED } from "../reply.ts";
import { type Ask, retitle, takingForm } from "./metadata-routes.ts";
import { shoutcastAdminOperation } from "./metadata-docs.ts";
import { factsNow, streamFacts } from "./shoutcast-stats.ts";

type ModeOf = (ask: Ask, parts: MountParts) => Outcome | Promise<Outcome>;

function success(sentence: string): Outcome {
  return reply(successPage(sentence), "text/html");
}

function updateTitle(ask: Ask): Outcome {
  const { form, station, ...asker } = ask;
  const pass = field(form, "pass");
  if (pass === "" && !asker.request.headers.has("authorization")) {
    return refusal("missing pass parameter");
  }
  const parts = shoutcastMount(form, station);
  const password = (parts ?? station.first).mount.config.sourcePassword;
  const refused = admitSource(asker, password, pass, station);
  if (refused !== null) return refused;
  if (parts === undefined) return refusal("Source does not exist");
  retitle(form, parts, station);
  return success(UPDATED);
}

async function viewXml({ form, station }: Ask, parts: MountParts): Promise<Outcome> {
  const page = Number(field(form, "page"));
  const members = namesListeners(page) ? station.members(parts) : [];
  const listeners = await inTurns(members.values().map(listener));
  const admin = station.adminFacts().mounts.get(parts.mount.path);
  if (admin === undefined) return refusal("Source does not exist");
  return view({ ...streamFacts(parts, station), admin, listeners }, factsNow(station), page);
}

function kickSource({ station }: Ask, parts: MountParts): Outcome {
  return endSource(parts, station) ? success("Source Removed") : refusal("Source is not available");
}

/** Only the keeper learns which modes there are. */
const FOR_THE_KEEPER: Readonly<Record<string, ModeOf>> = {
  viewxml: viewXml,
  kicksrc: kickSource,
};

function answer(ask: Ask): ReturnType<ModeOf> {
  const { form, station } = ask;
  const mode = field(form, "mode");
  if (mode === "updinfo") return updateTitle(ask);
  const refused = admitAdmin(ask, station, mode === "kicksrc", field(form, "pass"));
  if (refused !== null) return refused;
  const command = Object.hasOwn(FOR_THE_KEEPER, mode) ? FOR_THE_KEEPER[mode] : undefined;
  if (command === undefined) return refusal("No such action");
  const parts = shoutcastMount(form, station);
  return parts === undefined ? refusal("Source does not exist") : command(ask, parts);
}

export function shoutcastAdmin(station: Station) {
  const handler = takingForm(station, answer);
  return new Elysia({ name: "shoutcast admin" })
    .get("/admin.cgi", handler, shoutcastAdminOperation("get"))
    .post("/admin.cgi", handler, { ...shoutcastAdminOperation("post"), parse: "none" });
}
