// Pure: the metrics of the cluster. Names of servers come from its members, who know the secret.
import type { ClusterFacts, NodeFacts } from "../../facts/cluster-facts.ts";
import type { Family } from "./exposition.ts";

type Single = readonly [
  type: "counter" | "gauge",
  name: string,
  help: string,
  value: (cluster: ClusterFacts) => number,
];

const SINGLES: readonly Single[] = [
  [
    "gauge",
    "cycast_cluster_connected",
    "1 while NATS can be used.",
    ({ downSeconds }) => Number(downSeconds === null),
  ],
  [
    "gauge",
    "cycast_cluster_leader",
    "1 while this server leads those that share its programme.",
    ({ role }) => Number(role === "leader"),
  ],
  ["counter", "cycast_cluster_connects", "Connections to NATS.", ({ connects }) => connects],
  [
    "gauge",
    "cycast_cluster_queued_events",
    "Events of the journal that wait for NATS.",
    ({ queuedEvents }) => queuedEvents,
  ],
  [
    "counter",
    "cycast_cluster_lost_events",
    "Events of the journal that found no place while they waited for NATS.",
    ({ lostEvents }) => lostEvents,
  ],
  [
    "counter",
    "cycast_cluster_refused_orders",
    "Orders of other servers that were not obeyed: of another secret, too old, repeated or too many.",
    ({ refusedOrders }) => refusedOrders,
  ],
];

function ofNodes(
  name: string,
  help: string,
  nodes: readonly NodeFacts[],
  value: (node: NodeFacts) => number,
): Family {
  const samples = nodes.map((node) => ({ labels: { node: node.node }, value: value(node) }));
  return { name, help, type: "gauge", samples };
}

/** None without a cluster. */
export function clusterFamilies(cluster: ClusterFacts | null): Family[] {
  if (cluster === null) return [];
  const { nodes } = cluster;
  return [
    ...SINGLES.map(([type, name, help, value]): Family => {
      return { name, help, type, samples: [{ labels: {}, value: value(cluster) }] };
    }),
    ofNodes("cycast_cluster_node_up", "1 while another server reports.", nodes, ({ isUp }) =>
      Number(isUp),
    ),
    ofNodes(
      "cycast_cluster_node_listeners",
      "Listeners of another server, as it reported last.",
      nodes,
      ({ listeners }) => listeners,
    ),
  ];
}
