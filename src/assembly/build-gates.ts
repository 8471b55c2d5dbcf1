// Who may listen and who may be a source, where the configured passwords do not say.
import type { MountGate } from "../access/admission.ts";
import { BackEnds } from "../access/back-ends.ts";
import { MAX_FILE_BYTES } from "../access/htpasswd.ts";
import { ListenerGate } from "../access/listener-gate.ts";
import { sourceGate } from "../access/source-gate.ts";
import type { Disks } from "../disk/disks.ts";
import { textReader } from "../disk/text-file.ts";
import type { Clock } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Mounts } from "./mounts.ts";

interface GateContext {
  readonly mounts: () => Mounts;
  readonly disks: Disks;
  readonly clock: Clock;
  readonly wall: Clock;
  readonly log: Log;
  readonly sourcePort: () => number;
}

export interface Gates {
  readonly listeners: MountGate;
  readonly sources: MountGate;
}

export function buildGates(context: GateContext): Gates {
  const { mounts, disks, clock, wall, log } = context;
  const backEnds = new BackEnds(() => serverName(context), clock, log);
  const load = textReader(disks, "the users' file", MAX_FILE_BYTES, log);
  const find = (path: string) => {
    const found = mounts().find(path);
    if (found === undefined) return undefined;
    const { mount, audience } = found;
    // Each request for a segment asks whether a mount is open to all; few need to know how many listen.
    return {
      config: mount.config,
      get listeners() {
        return audience.count;
      },
    };
  };
  const listeners = new ListenerGate({ find, load, backEnds, clock, wall, log });
  return { listeners, sources: sourceGate(find, backEnds) };
}

/** As the station calls itself. */
function serverName({ mounts, sourcePort }: GateContext) {
  const { stationUrl } = mounts().first.mount.config.metadata;
  const host = URL.canParse(stationUrl) ? new URL(stationUrl).hostname : "localhost";
  return { host, port: sourcePort() };
}
