// /admin/metadata: titles sent beside the audio, in all the forms that encoders use.
import { Elysia } from "elysia";
import { plainText } from "../../lib/text.ts";
import { titledOf } from "../../lib/titled.ts";
import type { Metadata } from "../../mount/metadata.ts";
import type { MountParts } from "../../assembly/mounts.ts";
import type { Station } from "../../station/station.ts";
import { commandAnswer } from "../../stats/admin-xml.ts";
import { admitTitle } from "../admin-auth.ts";
import { exchangeOf } from "../exchange.ts";
import { field, type Form, parseForm, queryOf } from "../form.ts";
import { mountNamed } from "../mount-choice.ts";
import {
  asPage,
  asXml,
  type Outcome,
  refusal,
  refusedHead,
  UPDATED,
  type Write,
} from "../reply.ts";
import { metadataOperation } from "./metadata-docs.ts";

/** Enough for a title with all tags of its track, but not for a picture. */
const MAX_FORM_BYTES = 64 << 10;

/** `song` wins, then `title` with its `artist`; null without a title, which is no error. */
export function metadataOf(form: Form): Metadata | null {
  const charset = field(form, "charset");
  const [song = "", title = "", artist = ""] = ["song", "title", "artist"].map((name) =>
    plainText(field(form, name, charset)),
  );
  if (song !== "") return titledOf([], song);
  return title === "" ? null : titledOf([artist], title);
}

/** Fields may be in the body, in the query, or in both; null if the form is too long. */
async function formOf(request: Request): Promise<Form | null> {
  const query = queryOf(request);
  if (request.method !== "POST") return query;
  if (Number(request.headers.get("content-length") ?? 0) > MAX_FORM_BYTES) return null;
  const body = new Uint8Array(await request.arrayBuffer());
  return body.length > MAX_FORM_BYTES ? null : new Map([...query, ...parseForm(body)]);
}

/** Applies the form's title, if it has one. */
export function retitle({ form, request, station }: FormCall, parts: MountParts): void {
  const metadata = metadataOf(form);
  if (metadata === null) return;
  const { address, account } = exchangeOf(request);
  // The mount's password names nobody: its sources are known by their addresses.
  const isShared = account?.name === "source" && !account.isNamed;
  const from = { address, user: isShared ? "" : (account?.user ?? "") };
  parts.mount.retitle(metadata, station.clock.nowMs(), from);
}

export interface FormCall {
  readonly request: Request;
  readonly address: string;
  readonly form: Form;
  readonly station: Station;
}

type Context = { request: Request };

/** A handler of GET and POST that gets the parsed form. */
export function takingForm(
  station: Station,
  answer: (call: FormCall) => Outcome | Promise<Outcome>,
  write: Write = asXml,
) {
  return async ({ request }: Context): Promise<Response> => {
    const refused = refusedHead(request);
    if (refused !== null) return refused;
    const form = await formOf(request);
    if (form === null) return refusal("The form is too long", 413);
    return write(await answer({ request, form, station, address: exchangeOf(request).address }));
  };
}

/** Icecast's order: credentials before all, so that a stranger does not learn which mounts there are. */
async function update(call: FormCall): Promise<Outcome> {
  const { form, station, ...client } = call;
  const parts = mountNamed(field(form, "mount"), station);
  const refused = await admitTitle(client, parts, field(form, "pass"), station);
  if (refused !== null) return refused;
  if (!form.has("mount")) return refusal("Missing parameter");
  if (parts === undefined) return refusal("Source does not exist");
  if (!form.has("mode")) return refusal("Missing parameter");
  const isKnown = field(form, "mode") === "updinfo";
  if (isKnown) retitle(call, parts);
  return commandAnswer(isKnown ? UPDATED : "No such action", isKnown);
}

export function metadataRoutes(station: Station) {
  const plain = takingForm(station, update, (outcome) => asXml(outcome, "text/xml"));
  const page = takingForm(station, update, asPage("metadata"));
  const described = (method: "get" | "post", form: "plain" | "page") =>
    metadataOperation(method, form, station);
  return new Elysia({ name: "metadata" })
    .get("/admin/metadata", plain, described("get", "plain"))
    .post("/admin/metadata", plain, { ...described("post", "plain"), parse: "none" })
    .get("/admin/metadata.xsl", page, described("get", "page"))
    .post("/admin/metadata.xsl", page, { ...described("post", "page"), parse: "none" });
}
