// Which mount a request is about: by its name as Icecast's tools give it, or by its number as SHOUTcast's do.
import { normaliseMount } from "../lib/mount-path.ts";
import type { MountParts } from "../mounts.ts";
import type { Station } from "../station.ts";
import { field, type Form } from "./form.ts";
import { query } from "./operation.ts";

/** The mount that a field names, decoded already: a second decoding must not change it. */
export function mountNamed(name: string, station: Station): MountParts | undefined {
  const path = normaliseMount(encodeURIComponent(name));
  return path === null ? undefined : station.parts(path);
}

/** As the OpenAPI document tells it. */
export const CHOICE = [
  query("sid", "The mount's place in the configuration, from 1; the first without", "1"),
  query("mount", "The path of the mount, instead of its number"),
];

/** `mount` by name, `sid` by its place in the configuration, else the first. */
export function shoutcastMount(form: Form, station: Station): MountParts | undefined {
  const name = field(form, "mount");
  if (name !== "") return mountNamed(name, station);
  const sid = field(form, "sid");
  if (sid === "") return station.first;
  return /^\d{1,4}$/.test(sid) ? station.all[Number(sid) - 1] : undefined;
}
