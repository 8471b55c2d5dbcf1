// The identity of a mount among all stations, by which relays notice that they pull themselves.
import type { Input } from "./roles.ts";

const ids = new WeakMap<object, string>();

/** The same for as long as the mount lives. */
export function mountId(mount: object): string {
  const id = ids.get(mount) ?? crypto.randomUUID();
  ids.set(mount, id);
  return id;
}

/** The mount, and those that its relays' audio has come through. */
export function originsOf(mount: { readonly inputs: readonly Input[] }): string[] {
  return [mountId(mount), ...mount.inputs.flatMap(({ relay }) => relay?.origins ?? [])];
}
