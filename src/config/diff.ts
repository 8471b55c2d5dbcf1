// What differs between two configurations, for those whose settings they are.
import { Secret } from "../lib/secret.ts";
import type { Config, MountConfig } from "./config.ts";
import type { Scope } from "./key.ts";
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
  /** What a running station takes over: "block.key", "mount /path: block.key", "mount /path" or 'account "name"'. */
  readonly applied: readonly string[];
  /** Keys whose new value takes effect at the next start, named alike. */
  readonly atRestart: readonly string[];
}

/** Where the value of a key is in a Config, or in a MountConfig. */
interface Place {
  readonly name: string;
  readonly isFixed: boolean;
  readonly path: readonly string[];
}

const OF_STATION = placesOf("station");
const OF_MOUNT = placesOf("mount");

export function diffConfig(before: Config, after: Config): ConfigDiff {
  const [was, is] = [byPath(before), byPath(after)];
  const kept = before.mounts.flatMap((mount): MountChange[] => {
    const next = is.get(mount.path);
    return next === undefined ? [] : [{ before: mount, after: next }];
  });
  const added = after.mounts.filter(({ path }) => !was.has(path));
  const removed = before.mounts.filter(({ path }) => !is.has(path));
  const places = [...differing(OF_STATION, before, after), ...kept.flatMap(differingInMount)];
  const labelled = [
    ...schema.stationLabelled.flatMap((name) => differingLabels(name, before, after)),
    ...kept.flatMap(differingLabelsInMount),
  ];
  const names = (isFixed: boolean) =>
    places.filter((place) => place.isFixed === isFixed).map(({ name }) => name);
  return {
    added,
    removed,
    changed: kept.filter((change) => !sameSetting(change.before, change.after)),
    applied: [
      ...names(false),
      ...labelled,
      ...[...added, ...removed].map(({ path }) => `mount ${path}`),
    ],
    atRestart: names(true),
  };
}

/** `next` with the values that a running station keeps until its next start. */
export function keepFixed(running: Config, next: Config): Config {
  const was = byPath(running);
  const kept = (mount: MountConfig) => fixedFrom(OF_MOUNT, was.get(mount.path) ?? mount, mount);
  const { path } = running.mounts[0];
  const [first, ...others] = next.mounts;
  const rest = others.filter((mount) => mount.path !== path);
  const station = fixedFrom(OF_STATION, running, next);
  return { ...station, mounts: [kept({ ...first, path }), ...rest.map(kept)] };
}

function byPath({ mounts }: Config): Map<string, MountConfig> {
  return new Map(mounts.map((mount) => [mount.path, mount]));
}

function placesOf(scope: Scope): Place[] {
  return schema.blockNames.flatMap((block) =>
    Object.entries(schema.keysOf(block))
      .filter(([, key]) => key.scope === scope)
      .map(([name, { isFixed }]) => {
        // A mount has no block for keys that stand directly in its own.
        const isDirect = scope === "mount" && !schema.mountBlocks.includes(block);
        const path = isDirect ? [camel(name)] : [block, camel(name)];
        return { name: `${block}.${name}`, isFixed, path };
      }),
  );
}

function differing(places: readonly Place[], before: object, after: object): Place[] {
  return places.filter(({ path }) => !sameSetting(valueAt(before, path), valueAt(after, path)));
}

/** The labelled blocks of a name that were added, removed or changed, each as: account "anna". */
function differingLabels(name: string, before: object, after: object): string[] {
  const [was, is] = [labelledIn(before, name), labelledIn(after, name)];
  const labels = [...new Set([...was.keys(), ...is.keys()])];
  return labels
    .filter((label) => !sameSetting(was.get(label), is.get(label)))
    .map((label) => `${name} "${label}"`);
}

function differingLabelsInMount({ before, after }: MountChange): string[] {
  const names = schema.mountLabelled.flatMap((name) => differingLabels(name, before, after));
  return names.map((name) => `mount ${before.path}: ${name}`);
}

function labelledIn(config: object, name: string): Map<string, { readonly label: string }> {
  // The walk and the type derive from the same tables.
  const blocks = valueAt(config, [camel(name)]) as readonly { readonly label: string }[];
  return new Map(blocks.map((block) => [block.label, block]));
}

function differingInMount({ before, after }: MountChange): Place[] {
  return differing(OF_MOUNT, before, after).map((place) => {
    return { ...place, name: `mount ${before.path}: ${place.name}` };
  });
}

function fixedFrom<T extends object>(places: readonly Place[], from: T, to: T): T {
  return places
    .filter(({ isFixed }) => isFixed)
    .reduce((config, { path }) => withValue(config, path, valueAt(from, path)), to);
}

function valueAt(config: object, [name = "", ...inner]: readonly string[]): unknown {
  const value: unknown = Reflect.get(config, name);
  if (inner.length === 0) return value;
  return typeof value === "object" && value !== null ? valueAt(value, inner) : undefined;
}

function withValue<T extends object>(config: T, path: readonly string[], value: unknown): T {
  const [name = "", ...inner] = path;
  const outer: unknown = Reflect.get(config, name);
  const isBlock = inner.length > 0 && typeof outer === "object" && outer !== null;
  return { ...config, [name]: isBlock ? withValue(outer, inner, value) : value };
}

/** Deep equality of configured values; secrets are compared by what they hide. */
export function sameSetting(a: unknown, b: unknown): boolean {
  if (a instanceof Secret && b instanceof Secret) return a.equals(b.reveal());
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => sameSetting(Reflect.get(a, key), Reflect.get(b, key)));
}
