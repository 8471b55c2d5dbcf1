// Finds the mount that a request is about: by name, as Icecast's tools send it, or by number, as SHOUTcast's do.
import { normaliseMount } from "../lib/mount-path.ts";
import type { MountParts } from "../assembly/mounts.ts";
import type { Station } from "../station/station.ts";
import { field, type Form } from "./form.ts";
import { query } from "./operation.ts";

/** The mount named by a field that is already decoded: it must not be decoded again. */
export function mountNamed(name: string, station: Station): MountParts | undefined {
  const path = normaliseMount(encodeURIComponent(name));
  return path === null ? undefined : station.parts(path);
}

/** For the OpenAPI document. */
export const CHOICE = [
  query("sid", "The mount's place in the configuration, from 1; the first without", "1"),
  query("mount", "The path of the mount, instead of its number"),
];

/** `mount`: by path; `sid`: by its place in the configuration; otherwise the first. */
export function shoutcastMount(form: Form, station: Station): MountParts | undefined {
  const name = field(form, "mount");
  if (name !== "") return mountNamed(name, station);
  const sid = field(form, "sid");
  if (sid === "") return station.first;
  return /^\d{1,4}$/.test(sid) ? station.all[Number(sid) - 1] : undefined;
}
