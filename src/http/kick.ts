// Kicks sources and listeners, for all admin commands.
import type { MountParts } from "../mounts.ts";
import type { Station } from "../station.ts";

const WHY = "kicked by the admin";

/** False: nobody listens under that number. */
export function kickListener({ audience }: MountParts, id: number): boolean {
  return audience.end(id, WHY);
}

/** False: no source client is logged in. */
export function kickSource({ mount }: MountParts, station: Station): boolean {
  return mount.endLive(WHY, station.clock.nowMs());
}
