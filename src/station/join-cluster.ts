// A station as a node of its cluster: what it says of itself, what it does on behalf of other nodes, and whose programme it
// plays.
import type { Ban, Bans } from "../access/ban.ts";
import { Cluster } from "../cluster/cluster-member.ts";
import { FencedClock } from "../cluster/fenced-clock.ts";
import type { Leader } from "../cluster/elector.ts";
import type { OwnReport } from "../cluster/link.ts";
import { MAX_REPORTED_MOUNTS, type MountReport } from "../cluster/node-report.ts";
import type { OwnBans } from "../cluster/shared-bans.ts";
import type { Config } from "../config/config.ts";
import type { Ingest } from "../door/ingest.ts";
import { beginBan } from "./end-banned.ts";
import type { MountFacts, StationFacts } from "../facts/facts.ts";
import type { RelaySettings } from "../input/relay/relay-input.ts";
import { Journal } from "../journal/journal.ts";
import type { Clock } from "../lib/clock.ts";
import type { Emitter } from "../lib/emitter.ts";
import type { Log } from "../lib/log.ts";
import type { Rounds } from "../lib/rounds.ts";
import { Secret } from "../lib/secret.ts";
import type { Mounts } from "../assembly/mounts.ts";
import type { Records } from "../assembly/records.ts";
import type { Relays } from "./relays.ts";
import type { StationEvents } from "./station-events.ts";

/** The leader's programme goes before everything of this node. */
const LEADER_PRIORITY = 1000;

/** Listeners of a standby and of its edges live on their burst for so long; then its own programme goes on. */
const LEADER_GRACE_MS = 500;

/** To connect to the leader, and for its answer. */
const LEADER_TIMEOUT_SECONDS = 5;

/** As the log and the desk call the relay. */
const LABEL = "leader of the cluster";

interface Joining {
  readonly config: Config;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly wall: Clock;
  readonly log: Log;
  readonly events: Emitter<StationEvents>;
  readonly rounds: Rounds;
  readonly mounts: Mounts;
  readonly ingest: Ingest;
  readonly bans: Bans;
  readonly records: Records;
  readonly relays: Relays;
  facts(): StationFacts;
}

export function joinCluster(station: Joining): Cluster {
  const { clock, wall, log, events, rounds, relays, records } = station;
  const remote = new Journal((error) => log.repeated(`a reader failed: ${String(error)}`));
  records.history?.follow(remote);
  const cluster: Cluster = new Cluster({
    ...{ wall, log, events, rounds, bans: ownBans(station), config: station.config },
    clock: new FencedClock(clock, wall),
    report: () => reportOf(station.facts()),
    journal: records.journal,
    remote: keepsRemote(station) ? (all) => all.forEach((event) => remote.add(event)) : null,
    leaderChanged: () => relays.follow(),
    viewChanged: () => undefined,
  });
  station.bans.onOrder = (order, ban) => cluster.banned(order, ban);
  relays.further.push((path) => leaderRelays(cluster.link?.leader ?? null, path, station.config));
  return cluster;
}

/** An edge has no use for the sessions of others. */
function keepsRemote({ records, config }: Joining): boolean {
  return records.history !== null && config.edge.origin.length === 0;
}

function ownBans(station: Joining): OwnBans {
  const { bans, log } = station;
  return {
    list: () => bans.list(),
    ban: (ban: Ban) => void (bans.take(ban) && beginBan(ban, station, " at another server")),
    end: (address) => {
      bans.drop(address);
      log.info(`the ban of ${address} was ended at another server`);
    },
  };
}

function reportOf({ version, startedMs, mounts }: StationFacts): OwnReport {
  const listeners = mounts.reduce((sum, mount) => sum + mount.listenersHere, 0);
  const shown = mounts.slice(0, MAX_REPORTED_MOUNTS).map(mountReportOf);
  return { version, startedMs, listeners, mounts: shown };
}

function mountReportOf(mount: MountFacts): MountReport {
  const { path, stationName: name, isUp, onAir, artist, title, bitrate } = mount;
  const listeners = mount.listenersHere;
  return { path, name, isUp, onAir, artist, title, listeners, bitrate };
}

/** A standby relays each of its own mounts from the leader. */
function leaderRelays(leader: Leader | null, path: string, { mounts }: Config): RelaySettings[] {
  if (leader === null || leader.url === "") return [];
  if (!mounts.some((mount) => mount.path === path)) return [];
  const url = new URL(leader.url);
  url.pathname = path;
  return [
    {
      ...{ label: LABEL, url: new Secret(url.href), urls: [], user: "", password: new Secret("") },
      ...{ tlsVerify: true, tlsCa: "", timeout: LEADER_TIMEOUT_SECONDS },
      ...{ onDemand: false, linger: 0, priority: LEADER_PRIORITY, graceMs: LEADER_GRACE_MS },
    },
  ];
}
