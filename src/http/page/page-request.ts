// The mount that a request for the page is about, and what the page says of it.
import type { Elysia } from "elysia";
import type { Station } from "../../station/station.ts";
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

/** What a page depends on besides the station. */
export interface PageTarget {
  readonly base: string;
  /** The mount that it is about. */
  readonly path: string;
  readonly signed: string;
}

/** The mount that `?mount=` names, or the main one. */
export function targetOf(asked: PageRequest, station: Station): PageTarget {
  const form = queryOf(asked.request);
  const { mount } = mountNamed(field(form, "mount"), station) ?? station.first;
  return { base: publicUrl(asked, station), path: mount.path, signed: signatureOf(form) };
}

export function viewOf({ path, ...opened }: PageTarget, station: Station): PageView {
  const facts = station.facts();
  return pageView(facts, facts.mount(path) ?? facts.mounts[0], opened, station.config);
}
