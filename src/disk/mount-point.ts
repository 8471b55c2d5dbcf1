// Determines a folder's file system without calling that file system, which may hang.
import { readFileSync, readlinkSync } from "node:fs";
import { dirname, resolve } from "node:path";

const MAX_LINKS = 16;

/** Mount points of the system; only "/" if it does not list them (macOS). */
export function mountPoints(): ReadonlySet<string> {
  try {
    return parseMountInfo(readFileSync("/proc/self/mountinfo", "utf8"));
  } catch {
    return new Set(["/"]);
  }
}

/** File systems that are served by another machine or another process, so that their calls may hang. */
const SHARES = /^(?:nfs4?|cifs|smb3|smbfs|9p|ceph|afs|glusterfs|lustre|fuse(?:blk|\..+)?)$/;

/** Whether a descriptor of this process is a file on a share; false where the system does not list its mounts. */
export function isOnShare(descriptor: number): boolean {
  try {
    const path = readlinkSync(`/proc/self/fd/${descriptor}`);
    return isShare(path, readFileSync("/proc/self/mountinfo", "utf8"));
  } catch {
    return false;
  }
}

/** `path` may be that of a pipe or socket, such as "pipe:[4711]". */
export function isShare(path: string, mountInfo: string): boolean {
  if (!path.startsWith("/")) return false;
  const types = new Map(mountInfo.split("\n").map(typeOf));
  return SHARES.test(types.get(deepest(path, new Set(types.keys()))) ?? "");
}

/** The type follows a dash, after fields whose number varies. */
function typeOf(line: string): [point: string, type: string] {
  const fields = line.split(" ");
  return [unescaped(fields[4] ?? ""), fields[fields.indexOf("-") + 1] ?? ""];
}

/** The fifth field of each line; blanks and other special characters are octal escapes. */
export function parseMountInfo(text: string): ReadonlySet<string> {
  const paths = text.split("\n").flatMap((line) => line.split(" ")[4] ?? []);
  return new Set(["/", ...paths.map(unescaped)]);
}

function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
}

/** The mount point above an absolute path. Links are followed while the path is on the root file system. */
export function mountPointOf(path: string, points: ReadonlySet<string>): string {
  let rest = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const target = firstLink(rest, points);
    if (target === null) break;
    rest = target;
  }
  return deepest(rest, points);
}

/** The path with its first link resolved; null if there is none before another file system begins. */
function firstLink(path: string, points: ReadonlySet<string>): string | null {
  const names = path.split("/").filter((name) => name !== "");
  for (let count = 1; count <= names.length; count++) {
    const upTo = `/${names.slice(0, count).join("/")}`;
    if (points.has(upTo)) return null;
    const target = linkTarget(upTo);
    if (target !== null) return resolve(dirname(upTo), target, ...names.slice(count));
  }
  return null;
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function deepest(path: string, points: ReadonlySet<string>): string {
  for (let at = path; at !== "/"; at = dirname(at)) if (points.has(at)) return at;
  return "/";
}
