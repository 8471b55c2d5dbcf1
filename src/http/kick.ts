// Kicks sources and listeners, for all admin commands.
import type { MountParts } from "../mounts.ts";
import type { Station } from "../station.ts";

/** False: nobody listens under that number. `by`: for the log. */
export function kickListener({ mount, audience }: MountParts, id: number, by: string): boolean {
  const isDone = audience.end(id, `kicked by ${by}`);
  if (isDone) mount.log.info(`${by} kicked listener ${id}`);
  return isDone;
}

/** False: no source client is logged in. */
export function kickSource({ mount }: MountParts, station: Station, by: string): boolean {
  return mount.endLive(`kicked by ${by}`, station.clock.nowMs());
}
