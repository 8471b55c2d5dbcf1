// The facts about the other servers of the cluster, as this one knows them.
import type { Cluster } from "../cluster/cluster-member.ts";
import type { Link } from "../cluster/link.ts";
import type { MountReport, Role } from "../cluster/node-report.ts";

export interface ClusterFacts {
  /** This server among the others. */
  readonly node: string;
  readonly role: Role;
  /** The server whose programme is played; "" if that is unknown, or no programme is shared. */
  readonly leader: string;
  /** Seconds for which NATS cannot be used; null while it can. */
  readonly downSeconds: number | null;
  /** Why it cannot, a sentence without its end; null while it can. */
  readonly trouble: string | null;
  /** Connections to NATS since the start. */
  readonly connects: number;
  /** Other servers, by name. */
  readonly nodes: readonly NodeFacts[];
  /** Events of the journal that wait for NATS, and those that found no place. */
  readonly queuedEvents: number;
  readonly lostEvents: number;
  /** Orders of other servers that were not obeyed. */
  readonly refusedOrders: number;
}

export interface NodeFacts {
  readonly node: string;
  readonly url: string;
  readonly version: string;
  readonly role: Role;
  readonly startedMs: number;
  /** It reports. */
  readonly isUp: boolean;
  /** Since its latest report. */
  readonly silentSeconds: number;
  readonly listeners: number;
  readonly mounts: readonly MountReport[];
}

/** null without a cluster. */
export function clusterFacts({ link }: Cluster): ClusterFacts | null {
  return link === null ? null : factsOf(link);
}

function factsOf(link: Link): ClusterFacts {
  const { broker, elector, outbox, orders, settings, role } = link;
  const leader = role === "leader" ? settings.node : (elector?.other?.node ?? "");
  return {
    ...{ node: settings.node, role, leader, nodes: nodesOf(link) },
    downSeconds: link.downMs === null ? null : link.downMs / 1000,
    trouble: broker.trouble,
    connects: broker.connects,
    queuedEvents: outbox.queued,
    lostEvents: outbox.lost,
    refusedOrders: orders.refused,
  };
}

function nodesOf(link: Link): NodeFacts[] {
  return link.nodes.map(({ report, isUp, silentMs }) => {
    const { node, url, version, role, startedMs, listeners, mounts } = report;
    const silentSeconds = silentMs / 1000;
    return { node, url, version, role, startedMs, isUp, silentSeconds, listeners, mounts };
  });
}
