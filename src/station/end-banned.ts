// Ends whatever comes from banned addresses: listeners, sources and the connections of pages.
import { endOf } from "../access/ban-rule.ts";
import type { BanFile } from "../access/ban-file.ts";
import type { Ban, Bans } from "../access/ban.ts";
import type { Ingest } from "../door/ingest.ts";
import type { Emitter } from "../lib/emitter.ts";
import type { Log } from "../lib/log.ts";
import type { Mounts } from "../assembly/mounts.ts";
import { endThose } from "../output/audience/end-those.ts";
import type { StationEvents } from "./station-events.ts";

const BANNED = "its address is banned";

interface Banning {
  readonly bans: Bans;
  readonly mounts: Mounts;
  readonly ingest: Ingest;
  readonly events: Emitter<StationEvents>;
  readonly log: Log;
}

/** A ban is in force now. `where`: added to the log. */
export function beginBan(ban: Ban, station: Banning, where = ""): true {
  const why = ban.reason === "" ? "" : ` (${ban.reason})`;
  station.log.info(`${ban.by} banned ${ban.address} until ${endOf(ban)}${where}${why}`);
  endBanned(station);
  return true;
}

/** Takes the bans of an earlier run. Never rejects. */
export async function restoreBans(file: BanFile | null, station: Banning): Promise<void> {
  await file?.load((bans) => station.bans.restore(bans));
  endBanned(station);
}

export function endBanned({ bans, mounts, ingest, events }: Banning): void {
  const isBanned = (address: string) => bans.of(address) !== null;
  for (const audience of mounts.audiences)
    endThose(audience, ({ client }) => isBanned(client.address), BANNED);
  ingest.closeAll(isBanned, BANNED);
  events.emit("banned", isBanned);
}
