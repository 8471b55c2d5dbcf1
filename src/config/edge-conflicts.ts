// An edge mirrors one server, and is no edge of its own edges.
import type { PlaceValues } from "./build-config.ts";
import { clusterKeys } from "./cluster-keys.ts";
import { edgeKeys } from "./edge-keys.ts";
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import { relayAllKeys } from "./relay-keys.ts";
import type { Matched } from "./settings.ts";

export function findEdgeConflicts({ top }: Matched, { values }: PlaceValues): ConfigFinding[] {
  const setting = top.settings.get(edgeKeys.origin);
  const origins = (values.get(edgeKeys.origin) ?? []).map((url) => new URL(url.reveal()).origin);
  if (setting === undefined || origins.length === 0) return [];
  const edges = values.get(clusterKeys.edges) ?? [];
  const { value } = setting.attribute;
  const isCircle = edges.some(({ url }) => origins.includes(url));
  const isDouble = values.get(relayAllKeys.url)?.equals("") === false;
  return [
    ...(isCircle ? [finding(value, "the origin is one of cluster.edges", "another server")] : []),
    ...(isDouble
      ? [finding(value, "relay_all.url mirrors a server already", "edge.origin or relay_all.url")]
      : []),
  ];
}
