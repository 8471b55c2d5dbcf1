// The doctor's rules about the cluster: NATS that cannot be used, servers that are silent, nobody who leads.
import type { ClusterFacts, NodeFacts } from "../facts/cluster-facts.ts";
import type { StationFacts } from "../facts/facts.ts";
import type { Finding } from "./diagnosis.ts";
import { roughly } from "./source-rules.ts";

/** A broker or a server that restarts is back before. */
const DOWN_SECONDS = 30;

const SUBJECT = "station";

function broker({ downSeconds, trouble }: ClusterFacts): Finding[] {
  if (downSeconds === null || downSeconds < DOWN_SECONDS) return [];
  const why = trouble === null ? "" : `: ${trouble}`;
  return [
    {
      severity: "warning",
      subject: SUBJECT,
      sentence: `NATS has not been reached for ${roughly(downSeconds)}${why}. Audio goes on; other servers are shown as they were, and nobody can take over the lead.`,
      remedy: "Check the NATS server and cluster.nats; it is tried again by itself.",
    },
  ];
}

function silent({ node, isUp, silentSeconds }: NodeFacts): Finding[] {
  if (isUp || silentSeconds < DOWN_SECONDS) return [];
  return [
    {
      severity: "warning",
      subject: SUBJECT,
      sentence: `The server ${node} of the cluster has not been heard for ${roughly(silentSeconds)}.`,
      remedy:
        "Check that server and its connection to NATS; one that is gone is forgotten after an hour.",
    },
  ];
}

/** A lead that nobody takes is taken within seconds. */
function lead({ role, leader, downSeconds }: ClusterFacts): Finding[] {
  if (role !== "standby" || leader !== "" || downSeconds !== null) return [];
  return [
    {
      severity: "note",
      subject: SUBJECT,
      sentence: "No server leads the cluster at the moment: this one plays its own programme.",
      remedy: "This takes some seconds after a start; later, the log says what NATS answers.",
    },
  ];
}

function lost({ lostEvents }: ClusterFacts): Finding[] {
  if (lostEvents === 0) return [];
  return [
    {
      severity: "warning",
      subject: SUBJECT,
      sentence: `${lostEvents} events of the journal are missing at the other servers: NATS was away for too long.`,
      remedy: "This server's own history has them.",
    },
  ];
}

export function clusterFindings({ cluster }: StationFacts): Finding[] {
  if (cluster === null) return [];
  const ofNodes = cluster.downSeconds === null ? cluster.nodes.flatMap(silent) : [];
  return [...broker(cluster), ...ofNodes, ...lead(cluster), ...lost(cluster)];
}
