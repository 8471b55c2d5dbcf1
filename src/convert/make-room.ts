// Keeps the cache within its limit: the files that were not played for longest go first. A file's date is when it was
// last played, so the cache needs no list and may be deleted at any time.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** What this program makes in the cache; other files are left alone. */
const OURS = /^[0-9a-f]{32}\.(?:mp3|ogg|opus|oga|aac)(?:\.part)?$/;

export const PART = ".part";

interface Cached {
  readonly path: string;
  readonly size: number;
  readonly playedMs: number;
  readonly isPart: boolean;
}

/** Removes files until the others and `neededBytes` fit into `limitBytes`, and parts that a crash left. `keep`: a path
 * that stays. Throws the file system's error if the folder cannot be read. */
export function makeRoom(
  folder: string,
  neededBytes: number,
  limitBytes: number,
  keep: string,
): void {
  const all = readdirSync(folder).filter((name) => OURS.test(name));
  const cached = all.flatMap((name) => cachedFile(join(folder, name)));
  const others = cached.filter(({ path }) => path !== keep);
  for (const { path } of others.filter(({ isPart }) => isPart)) rmSync(path, { force: true });
  const oldestFirst = others
    .filter(({ isPart }) => !isPart)
    .toSorted((a, b) => a.playedMs - b.playedMs);
  let excess = oldestFirst.reduce((sum, { size }) => sum + size, neededBytes) - limitBytes;
  for (const { path, size } of oldestFirst) {
    if (excess <= 0) return;
    rmSync(path, { force: true });
    excess -= size;
  }
}

/** None if it has just been removed. */
function cachedFile(path: string): Cached[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return [];
  return [{ path, size: stat.size, playedMs: stat.mtimeMs, isPart: path.endsWith(PART) }];
}
