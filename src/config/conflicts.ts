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
  return [...findPortConflict(matched, get), ...findMountConflicts(matched, get)];
}

type Get = <T>(key: Key<T>) => T | undefined;

function findPortConflict({ top }: Matched, get: Get): ConfigFinding[] {
  const { source_port, listen_port } = blocks.server;
  const port = get(source_port);
  if (port === undefined || port === 0 || port !== get(listen_port)) return [];
  const setting = top.settings.get(listen_port) ?? top.settings.get(source_port);
  if (setting === undefined) return [];
  const message = `source_port and listen_port are both ${port}`;
  return [finding(setting.attribute.value, message, "two different ports")];
}

function findMountConflicts({ mounts }: Matched, get: Get): ConfigFinding[] {
  const first = get(blocks.server.mount_point);
  const same = mounts.filter(({ path }) => path === first);
  return same.map(({ label, path }) => {
    const message = `"${path}" is server.mount_point already`;
    return finding(label, message, "each path once", "Put its settings in the blocks at the top");
  });
}
