// Synchronous calls about files that are written over hours, and about the folder that they are in: they may block a disk
// thread, never the station.
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { DiskRoom, FoundFile, KeptCall, OpenedFile } from "./call.ts";

/** Opens a file, waiting while the process has no descriptor left. */
type Open = (path: string, flags: number, mode?: number) => number;

const { O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = constants;

/** Throws the file system's error. */
export function performKeptCall(call: KeptCall, open: Open): unknown {
  switch (call.call) {
    case "create":
      return create(call, open);
    case "edit":
      return edit(call.path, open);
    case "writeAt":
      return writeAt(call.fd, call.bytes, call.position);
    case "sync":
      return fdatasyncSync(call.fd);
    case "truncate":
      return ftruncateSync(call.fd, call.size);
    case "settle":
      return settle(call.from, call.to, open);
    case "remove":
      return remove(call.paths, call.upTo);
    case "isFree":
      return !existsSync(call.path);
    case "link":
      return link(call.from, call.to);
    case "find":
      return find(call.path, call.endings, call.max);
    case "documents":
      return call.paths.map((path) => documentOf(path, call.keys, call.maxBytes));
    case "space":
      return space(call.path);
  }
}

function create({ path, ending, mode }: KeptCall & { call: "create" }, open: Open): number {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) throw Object.assign(new Error(`${path} exists`), { code: "EEXIST" });
  return open(path + ending, O_RDWR | O_CREAT | O_EXCL, mode);
}

function edit(path: string, open: Open): OpenedFile {
  const fd = open(path, O_RDWR);
  const { size, mtimeMs } = fstatSync(fd);
  return { fd, isFile: true, size, mtimeMs };
}

/** A full disk takes a part: the error comes with the next call. */
function writeAt(fd: number, bytes: Uint8Array, position: number): number {
  let done = 0;
  try {
    while (done < bytes.length)
      done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  } catch (error) {
    if (done === 0) throw error;
  }
  return done;
}

function settle(from: string, to: string, open: Open): void {
  renameSync(from, to);
  const folder = open(dirname(to), O_RDONLY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function remove(paths: readonly string[], upTo: string): void {
  for (const path of paths) rmSync(path, { force: true });
  const folders = upTo === "" ? [] : new Set(paths.map((path) => dirname(path)));
  for (const folder of folders) removeEmpty(folder, upTo);
}

function removeEmpty(folder: string, upTo: string): void {
  try {
    for (let at = folder; at.startsWith(`${upTo}/`); at = dirname(at)) rmdirSync(at);
  } catch {
    return; // There is something in it.
  }
}

function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) === "EEXIST" || codeOf(error) === "ENOENT") throw error;
    // Another disk, or a file system without links.
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

function find(folder: string, endings: readonly string[], max: number): FoundFile[] {
  const found: FoundFile[] = [];
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined && found.length < max; at = folders.pop()) {
    for (const entry of entriesOf(at, at === folder)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (found.length < max && endings.some((ending) => path.endsWith(ending))) {
        found.push(...foundFile(path));
      }
    }
  }
  return found;
}

/** A folder below that cannot be read has none; the first one is not there before the first file. */
function entriesOf(folder: string, isFirst: boolean) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isFirst && codeOf(error) !== "ENOENT") throw error;
    return [];
  }
}

function foundFile(path: string): FoundFile[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? [{ path, size: stat.size, mtimeMs: stat.mtimeMs }] : [];
}

function documentOf(path: string, keys: readonly string[], maxBytes: number): object | null {
  try {
    if (statSync(path).size > maxBytes) return null;
    const whole: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof whole !== "object" || whole === null) return null;
    const isWanted = (key: string) => keys.length === 0 || keys.includes(key);
    return Object.fromEntries(Object.entries(whole).filter(([key]) => isWanted(key)));
  } catch {
    return null;
  }
}

/** The folder itself may not be there yet. */
function space(path: string): DiskRoom {
  try {
    const { bavail, blocks, bsize } = statfsSync(path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    return space(dirname(path));
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
