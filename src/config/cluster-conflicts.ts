// What a server needs to be part of a cluster.
import type { PlaceValues } from "./build-config.ts";
import { clusterKeys } from "./cluster-keys.ts";
import { edgeKeys } from "./edge-keys.ts";
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import type { Key } from "./key.ts";
import type { Matched } from "./settings.ts";

export function findClusterConflicts({ top }: Matched, { values }: PlaceValues): ConfigFinding[] {
  const { nats, secret, standby, url } = clusterKeys;
  const isSet = (key: Key<unknown>) => top.settings.has(key);
  const text = (key: typeof nats | typeof secret) => values.get(key)?.reveal() ?? "";
  const hasNats = text(nats) !== "";
  const isStandby = values.get(standby) === true;
  const isEdge = (values.get(edgeKeys.origin) ?? []).length > 0;
  // A value that is not accepted has a finding of its own.
  const lacks = (key: Key<unknown>, isThere: boolean) =>
    !isThere && (!isSet(key) || values.get(key) !== undefined);
  const at = (key: Key<unknown>, message: string, expected: string) => {
    const setting = top.settings.get(key);
    return setting === undefined ? [] : [finding(setting.attribute.name, message, expected)];
  };
  return [
    ...(hasNats && lacks(secret, text(secret) !== "")
      ? at(nats, "nats without secret", "cluster.secret beside it")
      : []),
    ...(isStandby && lacks(nats, hasNats)
      ? at(standby, "standby without nats", "cluster.nats beside it")
      : []),
    ...(isStandby && lacks(url, (values.get(url) ?? "") !== "")
      ? at(standby, "standby without url", "cluster.url beside it")
      : []),
    ...(isStandby && isEdge
      ? at(standby, "an edge cannot stand by", "edge.origin or cluster.standby")
      : []),
  ];
}
