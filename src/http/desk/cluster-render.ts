// The other servers of the cluster as the desk shows them.
import type { ClusterFacts, NodeFacts } from "../../facts/cluster-facts.ts";
import type { StationFacts } from "../../facts/facts.ts";

function renderNode({ node: name, url, version, role: its, isUp, ...rest }: NodeFacts) {
  const silent_seconds = Math.round(rest.silentSeconds);
  const listeners = Math.round(rest.listeners);
  return { node: name, url, version, role: its, up: isUp, silent_seconds, listeners };
}

function renderMounts(all: NodeFacts["mounts"]) {
  return all.map(({ path, name, isUp, onAir, artist, title, listeners, bitrate }) => {
    const about = { mount: path, station_name: name, up: isUp, on_air: onAir };
    return { ...about, artist, title, listeners: Math.round(listeners), bitrate };
  });
}

function renderFacts(
  { node: name, role: its, leader, nodes, ...facts }: ClusterFacts,
  own: number,
) {
  const elsewhere = nodes.filter(({ isUp }) => isUp).map(({ listeners }) => Math.round(listeners));
  const listeners = elsewhere.reduce((sum, count) => sum + count, own);
  const connected = facts.downSeconds === null;
  return { node: name, role: its, leader, connected, trouble: facts.trouble, listeners };
}

function ownListeners({ mounts: all }: StationFacts): number {
  return all.reduce((sum, { listenersHere }) => sum + listenersHere, 0);
}

export function renderClusterSummary(facts: StationFacts) {
  if (facts.cluster === null) return null;
  const nodes = facts.cluster.nodes.map(renderNode);
  return { ...renderFacts(facts.cluster, ownListeners(facts)), nodes };
}

export function renderCluster(facts: StationFacts) {
  if (facts.cluster === null) return null;
  const nodes = facts.cluster.nodes.map((one) => {
    return { ...renderNode(one), mounts: renderMounts(one.mounts) };
  });
  return { ...renderFacts(facts.cluster, ownListeners(facts)), nodes };
}
