// A station with a file system of its own in one of its folders: full, or read-only. Nobody else sees it.
import type { Runner } from "./operated.ts";

/** Root of a user namespace may mount too, where that is allowed. */
const NAMESPACES: readonly Runner[] = [
  ["unshare", "--mount"],
  ["unshare", "--user", "--map-root-user", "--mount"],
];

const namespace = NAMESPACES.find(
  (command) => Bun.spawnSync([...command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).success,
);

/** null if it can be done. */
export const whyNoMount = namespace === undefined ? "mounting is not allowed here" : null;

/** Runs a program that sees an empty file system at `path`; `options`: as for mount, such as "size=100k". */
export function withMount(path: string, options: string): Runner {
  const script = 'mount -t tmpfs -o "$0" tmpfs "$1" && shift && exec "$@"';
  return [...(namespace ?? []), "sh", "-c", script, options, path];
}
