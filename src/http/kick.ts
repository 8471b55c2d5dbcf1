// Kicks sources and listeners, for all admin commands.
import { endLive } from "../mount/end-live.ts";
import type { KickEvent } from "../journal/journal.ts";
import type { MountParts } from "../assembly/mounts.ts";
import type { Station } from "../station/station.ts";

/** False: nobody listens under that number. `by`: for the log. */
export function kickListener(parts: MountParts, station: Station, id: number, by: string): boolean {
  const isDone = parts.audience.end(id, `kicked by ${by}`);
  if (isDone) parts.mount.log.info(`${by} kicked listener ${id}`);
  if (isDone) note(parts, station, "listener", by);
  return isDone;
}

/** The source that is live, or the one with a number. False: it is not there. */
export function kickSource(parts: MountParts, station: Station, by: string, id?: number): boolean {
  const isDone = endLive(parts.mount, `kicked by ${by}`, station.clock.nowMs(), id);
  if (isDone) note(parts, station, "source", by);
  return isDone;
}

function note({ mount }: MountParts, station: Station, what: KickEvent["what"], by: string): void {
  const atMs = station.wall.nowMs();
  station.records.journal.add({ type: "kick", mount: mount.path, atMs, what, by });
}
