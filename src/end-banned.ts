// Ends whatever comes from banned addresses: listeners, sources and the connections of pages.
import type { Bans } from "./access/ban.ts";
import type { Ingest } from "./door/ingest.ts";
import type { Emitter } from "./lib/emitter.ts";
import type { Mounts } from "./mounts.ts";
import { endThose } from "./output/audience/end-those.ts";
import type { StationEvents } from "./station-events.ts";

const BANNED = "its address is banned";

interface Banning {
  readonly bans: Bans;
  readonly mounts: Mounts;
  readonly ingest: Ingest;
  readonly events: Emitter<StationEvents>;
}

export function endBanned({ bans, mounts, ingest, events }: Banning): void {
  const isBanned = (address: string) => bans.of(address) !== null;
  for (const audience of mounts.audiences)
    endThose(audience, ({ client }) => isBanned(client.address), BANNED);
  ingest.closeAll(isBanned, BANNED);
  events.emit("banned", isBanned);
}
