// What differs between two configurations, for those whose settings they are.
import { Secret } from "../lib/secret.ts";
import type { Config, MountConfig } from "./config.ts";
import { schema } from "./schema.ts";
import { camel } from "./tree.ts";

export interface MountChange {
  readonly before: MountConfig;
  readonly after: MountConfig;
}

export interface ConfigDiff {
  readonly added: readonly MountConfig[];
  readonly removed: readonly MountConfig[];
  readonly changed: readonly MountChange[];
  /** Keys whose new value takes effect at the next start, as "block.key" or "mount /path: block.key". */
  readonly atRestart: readonly string[];
}

export function diffConfig(before: Config, after: Config): ConfigDiff {
  const [was, is] = [byPath(before), byPath(after)];
  const kept = before.mounts.flatMap((mount): MountChange[] => {
    const next = is.get(mount.path);
    return next === undefined ? [] : [{ before: mount, after: next }];
  });
  return {
    added: after.mounts.filter(({ path }) => !was.has(path)),
    removed: before.mounts.filter(({ path }) => !is.has(path)),
    changed: kept.filter((change) => !sameSetting(change.before, change.after)),
    atRestart: [...stationAtRestart(before, after), ...kept.flatMap(mountAtRestart)],
  };
}

function byPath({ mounts }: Config): Map<string, MountConfig> {
  return new Map(mounts.map((mount) => [mount.path, mount]));
}

function stationAtRestart(before: Config, after: Config): string[] {
  const blocks = schema.blockNames.filter((name) => !schema.mountBlocks.includes(name));
  return blocks.flatMap((block) =>
    fixedKeys(block, "station")
      .filter((key) => !sameSetting(at(before, block, key), at(after, block, key)))
      .map((key) => `${block}.${key}`),
  );
}

function mountAtRestart({ before, after }: MountChange): string[] {
  return schema.mountBlocks.flatMap((block) =>
    fixedKeys(block, "mount")
      .filter((key) => !sameSetting(at(before, block, key), at(after, block, key)))
      .map((key) => `mount ${before.path}: ${block}.${key}`),
  );
}

function fixedKeys(block: string, scope: string): string[] {
  const keys = Object.entries(schema.keysOf(block));
  return keys.filter(([, key]) => key.isFixed && key.scope === scope).map(([name]) => name);
}

function at(config: object, block: string, key: string): unknown {
  const values: unknown = Reflect.get(config, block);
  return typeof values === "object" && values !== null
    ? Reflect.get(values, camel(key))
    : undefined;
}

/** Deep equality of configured values; secrets are compared by what they hide. */
export function sameSetting(a: unknown, b: unknown): boolean {
  if (a instanceof Secret && b instanceof Secret) return a.equals(b.reveal());
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => sameSetting(Reflect.get(a, key), Reflect.get(b, key)));
}
