// Fallbacks that lead nowhere: to a mount that is not there, to the mount itself, or round in a circle.
import { type ConfigFinding, finding } from "./hcl/finding.ts";
import type { Key } from "./key.ts";
import { blocks } from "./schema.ts";
import type { SettingValues } from "./setting-values.ts";
import type { Matched, PlaceSettings } from "./settings.ts";

/** The most mounts that one chain of fallbacks may go through. */
export const MAX_FALLBACKS = 10;

interface MountPlace {
  readonly path: string;
  readonly place: PlaceSettings;
  /** "" without one. */
  readonly fallback: string;
}

/** `values`: those at the top, and those of the mount blocks in file order. */
export function findFallbackConflicts(
  { top, mounts }: Matched,
  values: SettingValues,
  blocksOfMounts: readonly { readonly values: SettingValues }[],
): ConfigFinding[] {
  const { mount_point } = blocks.server;
  const first = values.get(mount_point) ?? mount_point.default;
  const of = (its: SettingValues | undefined) => its?.get(key) ?? "";
  const all: MountPlace[] = [
    { path: first, place: top, fallback: of(values) },
    ...mounts.map((place, at) => {
      return { path: place.path, place, fallback: of(blocksOfMounts[at]?.values) };
    }),
  ];
  const byPath = new Map(all.map((mount) => [mount.path, mount]));
  const isMirroring = mirrors(values);
  return all.flatMap((mount) => conflictOf(mount, byPath, isMirroring));
}

/** Mounts of another server come and go while this one runs. */
function mirrors(values: SettingValues): boolean {
  const url = values.get(blocks.relay_all.url);
  const origins = values.get(blocks.edge.origin) ?? [];
  return origins.length > 0 || (url !== undefined && !url.equals(""));
}

const key: Key<string> = blocks.advanced.fallback;

function conflictOf(
  { path, place, fallback }: MountPlace,
  byPath: ReadonlyMap<string, MountPlace>,
  isMirroring: boolean,
): ConfigFinding[] {
  const value = place.settings.get(key)?.attribute.value;
  if (fallback === "" || value === undefined) return [];
  if (!byPath.has(fallback) && !isMirroring) {
    const message = `the fallback of ${path} is ${fallback}, and there is no such mount`;
    return [
      finding(value, message, [...byPath.keys()].filter((other) => other !== path).join(", ")),
    ];
  }
  const chain = chainFrom(path, byPath);
  const text = chain.join(" → ");
  if (chain.at(-1) === path) {
    return [finding(value, `fallbacks go round in a circle: ${text}`, "a chain that ends")];
  }
  if (chain.length - 1 <= MAX_FALLBACKS) return [];
  return [finding(value, `${chain.length - 1} fallbacks in a row`, `at most ${MAX_FALLBACKS}`)];
}

/** The mounts from this one on, up to the end of the chain or the first that comes again. */
function chainFrom(path: string, byPath: ReadonlyMap<string, MountPlace>): string[] {
  const chain = [path];
  for (let next = byPath.get(path)?.fallback ?? ""; next !== "";) {
    const isAgain = chain.includes(next);
    chain.push(next);
    if (isAgain) break;
    next = byPath.get(next)?.fallback ?? "";
  }
  return chain;
}
