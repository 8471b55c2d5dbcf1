// The mount that a request for the page is about, and what the page says of it.
import type { Elysia } from "elysia";
import type { Station } from "../../station.ts";
import { field, type Form, queryOf } from "../form.ts";
import { mountNamed } from "../mount-choice.ts";
import { baseUrl } from "../remote.ts";
import { type PageView, pageView } from "./page-view.ts";

export interface PageRequest {
  readonly request: Request;
  readonly server: Elysia["server"];
}

/** Names of a signature in an address. */
const SIGNED = ["exp", "u", "ip", "sig"];

function signatureOf(form: Form): string {
  const signed = new URLSearchParams();
  for (const name of SIGNED) if (form.has(name)) signed.set(name, field(form, name));
  return signed.size === 0 ? "" : `?${signed}`;
}

/** The page's address as the world has it, or as this client does. */
export function publicUrl({ request, server }: PageRequest, { config }: Station): string {
  return config.server.publicUrl || baseUrl(request, server, config.server);
}

/** What the page says of a mount. */
export function viewOf(asked: PageRequest, station: Station, path: string, signed = ""): PageView {
  const facts = station.facts();
  const mount = facts.mount(path) ?? facts.mounts[0];
  return pageView(facts, mount, { base: publicUrl(asked, station), signed }, station.config);
}

/** The same of the mount that `?mount=` names, or of the main one. */
export function viewFor(asked: PageRequest, station: Station): PageView {
  const form = queryOf(asked.request);
  const parts = mountNamed(field(form, "mount"), station) ?? station.first;
  return viewOf(asked, station, parts.mount.path, signatureOf(form));
}
