// Conflicts between values that are each valid: equal ports, mounts that share a path.
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import type { Key } from "./key.ts";
import { blocks } from "./schema.ts";
import type { SettingValues } from "./setting-values.ts";
import type { Matched } from "./settings.ts";

/** Checks the effective values. While there are other findings, defaults are not checked: the file may have
 * meant to set them. */
export function findConflicts(
  matched: Matched,
  values: SettingValues,
  isSound: boolean,
): ConfigFinding[] {
  const get = <T>(key: Key<T>): T | undefined =>
    values.get(key) ?? (isSound ? key.default : undefined);
  return [
    ...findPortConflicts(matched, get),
    ...findTlsConflicts(matched, get),
    ...findMountConflicts(matched, get),
  ];
}

type Get = <T>(key: Key<T>) => T | undefined;

/** The later key of each pair is the one to change, if the file sets it. */
function findPortConflicts({ top }: Matched, get: Get): ConfigFinding[] {
  const { source_port, listen_port } = blocks.server;
  const ports = [
    ["source_port", source_port],
    ["listen_port", listen_port],
    ["tls.listen_port", blocks.tls.listen_port],
  ] as const;
  return ports.flatMap(([name, key], at) =>
    ports.slice(0, at).flatMap(([earlier, other]) => {
      const port = get(key);
      const setting = top.settings.get(key) ?? top.settings.get(other);
      if (port === undefined || port === 0 || port !== get(other)) return [];
      if (setting === undefined) return [];
      const message = `${earlier} and ${name} are both ${port}`;
      return [finding(setting.attribute.value, message, "two different ports")];
    }),
  );
}

/** Each key of the block needs the one before it. */
function findTlsConflicts({ top }: Matched, get: Get): ConfigFinding[] {
  const { certificate, key, listen_port, redirect } = blocks.tls;
  const needs: readonly [Key<unknown>, isSet: boolean, lacks: boolean, name: string][] = [
    [certificate, get(certificate) !== "", get(key) === "", "key"],
    [key, get(key) !== "", get(certificate) === "", "certificate"],
    [listen_port, get(listen_port) !== 0, get(certificate) === "", "certificate"],
    [redirect, get(redirect) === true, get(listen_port) === 0, "listen_port"],
  ];
  return needs.flatMap(([of, isSet, lacks, name]) => {
    const setting = top.settings.get(of);
    if (!isSet || !lacks || setting === undefined) return [];
    const message = `${setting.attribute.name.text} without ${name}`;
    return [finding(setting.attribute.name, message, `tls.${name} beside it`)];
  });
}

function findMountConflicts({ mounts }: Matched, get: Get): ConfigFinding[] {
  const first = get(blocks.server.mount_point);
  const same = mounts.filter(({ path }) => path === first);
  return same.map(({ label, path }) => {
    const message = `"${path}" is server.mount_point already`;
    return finding(label, message, "each path once", "Put its settings in the blocks at the top");
  });
}
