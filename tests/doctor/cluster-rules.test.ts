// What the doctor says about the cluster, and its metrics.
import { describe, expect, test } from "bun:test";
import { examine } from "../../src/doctor/doctor.ts";
import type { ClusterFacts, NodeFacts } from "../../src/facts/cluster-facts.ts";
import { clusterFamilies } from "../../src/stats/metrics/cluster-families.ts";
import { stationOf, STREAM } from "../facts/example.ts";

const EDGE: NodeFacts = {
  ...{ node: "edge1", url: "", version: "1", role: "edge", startedMs: 1, isUp: true },
  ...{ silentSeconds: 1, listeners: 7, mounts: [] },
};

const CLUSTER: ClusterFacts = {
  ...{ node: "a", role: "leader", leader: "a", downSeconds: null, trouble: null, connects: 1 },
  ...{ nodes: [EDGE], queuedEvents: 0, lostEvents: 0, refusedOrders: 0 },
};

function said(cluster: Partial<ClusterFacts>): string[] {
  const facts = { ...stationOf(STREAM), cluster: { ...CLUSTER, ...cluster } };
  const without = examine(stationOf(STREAM)).map(({ sentence }) => sentence);
  return examine(facts).flatMap(({ severity, sentence }) =>
    without.includes(sentence) ? [] : [`${severity}: ${sentence}`],
  );
}

describe("a cluster", () => {
  test("that works is not mentioned", () => {
    expect(said({})).toEqual([]);
  });

  test("without NATS for half a minute is, and its servers are not blamed", () => {
    expect(said({ downSeconds: 29, trouble: "the connection was lost" })).toEqual([]);
    const nodes = [{ ...EDGE, isUp: false, silentSeconds: 90 }];
    expect(said({ downSeconds: 90, trouble: "the connection was lost", nodes })).toEqual([
      "warning: NATS has not been reached for 1 min: the connection was lost. Audio goes on; other servers are shown as they were, and nobody can take over the lead.",
    ]);
  });

  test("with a silent server is", () => {
    expect(said({ nodes: [{ ...EDGE, isUp: false, silentSeconds: 29 }] })).toEqual([]);
    expect(said({ nodes: [{ ...EDGE, isUp: false, silentSeconds: 7200 }] })).toEqual([
      "warning: The server edge1 of the cluster has not been heard for 2 h.",
    ]);
  });

  test("that nobody leads is, at those that could", () => {
    expect(said({ role: "edge", leader: "" })).toEqual([]);
    expect(said({ role: "standby", leader: "b" })).toEqual([]);
    expect(said({ role: "standby", leader: "" })).toEqual([
      "note: No server leads the cluster at the moment: this one plays its own programme.",
    ]);
  });

  test("whose journal has gaps is", () => {
    expect(said({ lostEvents: 3 })).toEqual([
      "warning: 3 events of the journal are missing at the other servers: NATS was away for too long.",
    ]);
  });
});

test("metrics have each server, and none without a cluster", () => {
  expect(clusterFamilies(null)).toEqual([]);
  const values = clusterFamilies({ ...CLUSTER, connects: 2 }).map(({ name, samples }) => [
    name,
    ...samples.map(({ labels, value }) => [labels, value]),
  ]);
  expect(values).toEqual([
    ["cycast_cluster_connected", [{}, 1]],
    ["cycast_cluster_leader", [{}, 1]],
    ["cycast_cluster_connects", [{}, 2]],
    ["cycast_cluster_queued_events", [{}, 0]],
    ["cycast_cluster_lost_events", [{}, 0]],
    ["cycast_cluster_refused_orders", [{}, 0]],
    ["cycast_cluster_node_up", [{ node: "edge1" }, 1]],
    ["cycast_cluster_node_listeners", [{ node: "edge1" }, 7]],
  ]);
});
