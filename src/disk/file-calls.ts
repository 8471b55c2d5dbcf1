// Synchronous file-system calls: they may block a disk thread, never the station.
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { wallClock } from "../lib/clock.ts";
import { systemPath } from "../lib/path-text.ts";
import type { FileCall, FileStat, OpenedFile } from "./call.ts";
import { performKeptCall } from "./kept-calls.ts";

/** Throws the file system's error. */
export function performFileCall(call: FileCall, shared: Uint8Array): unknown {
  switch (call.call) {
    case "open":
      return openFile(call.path);
    case "stat":
      return statOf(call.fd);
    case "read": {
      const length = Math.min(call.length, shared.length);
      return readSync(call.fd, shared, 0, length, call.position);
    }
    case "close":
      return closeSync(call.fd);
    case "touch":
      return touch(call.path);
    case "append":
      return append(call.path, call.bytes, call.mode);
    case "replace":
      return replaceFile(call);
    case "rename":
      return renameSync(systemPath(call.from), systemPath(call.to));
    case "write":
      return writeSync(call.fd, call.bytes);
    default:
      return performKeptCall(call, open);
  }
}

/** Attempts to open a file while descriptors are used up: clients that were refused soon return theirs. */
export const OPEN_ATTEMPTS = 20;
const RETRY_MS = 50;

/** Repeats `open` while the process or the system has no descriptor left. Throws its last error. */
export function openPatiently(open: () => number, sleep: (ms: number) => void): number {
  for (let attempt = 1; ; attempt++) {
    try {
      return open();
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      if (attempt === OPEN_ATTEMPTS || (code !== "EMFILE" && code !== "ENFILE")) throw error;
      sleep(RETRY_MS);
    }
  }
}

function open(path: string, flags: number, mode?: number): number {
  return openPatiently(() => openSync(systemPath(path), flags, mode), Bun.sleepSync);
}

function openFile(path: string): OpenedFile {
  // Without O_NONBLOCK, opening a FIFO would wait for its writer.
  const fd = open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { fd, ...statOf(fd) };
}

function statOf(fd: number): FileStat {
  const stat = fstatSync(fd);
  return { isFile: stat.isFile(), size: stat.size, mtimeMs: stat.mtimeMs };
}

function touch(path: string): void {
  const seconds = wallClock.nowMs() / 1000;
  utimesSync(systemPath(path), seconds, seconds);
}

const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;

function append(path: string, bytes: Uint8Array, mode: number): number {
  // With O_NONBLOCK, a FIFO without a reader is an error, not a wait.
  const fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, mode);
  try {
    return bytes.length === 0 ? 0 : writeSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
}

const { O_TRUNC } = constants;

/** A crash leaves the old file or the new one: the new one is written beside it, and takes its name once it is on disk. */
function replaceFile({ path, bytes, mode, isQuick = false }: FileCall & { call: "replace" }): void {
  const part = `${path}.part`;
  mkdirSync(systemPath(dirname(path)), { recursive: true });
  try {
    withFile(open(part, O_WRONLY | O_CREAT | O_TRUNC, mode), (fd) => {
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      if (!isQuick) fsyncSync(fd);
    });
    renameSync(systemPath(part), systemPath(path));
  } catch (error) {
    rmSync(systemPath(part), { force: true });
    throw error;
  }
  if (!isQuick) withFile(open(dirname(path), constants.O_RDONLY), fsyncSync);
}

function withFile(fd: number, action: (fd: number) => void): void {
  try {
    action(fd);
  } finally {
    closeSync(fd);
  }
}
