// Folders and files that a valid configuration names and this machine lacks.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Config, MountConfig } from "./config.ts";

/** A hanging network share must not block startup. */
const PATIENCE_MS = 3000;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such folder",
  ENOTDIR: "not a folder",
  EISDIR: "this is a folder",
  EACCES: "permission denied",
  EROFS: "read-only file system",
  ETIMEDOUT: `no answer within ${PATIENCE_MS / 1000} s`,
};

/** One sentence per problem; writes nothing. Takes 3 s at most. */
export async function checkFolders({ mounts, advanced, log, history }: Config): Promise<string[]> {
  const checks = mounts.map(checkPlaylist);
  checks.push(...mounts.flatMap(recordingFolders).map(checkRecordings));
  if (advanced.accessLog !== "") checks.push(checkLog("the access log", advanced.accessLog));
  if (log.file !== "") checks.push(checkLog("the log", log.file));
  if (history.geoip !== "") checks.push(checkReadable("the countries' file", history.geoip));
  return (await Promise.all(checks)).filter((sentence) => sentence !== "");
}

async function checkPlaylist({ path, playlist }: MountConfig): Promise<string> {
  const { directory, file } = playlist;
  if (file === "" && directory === "") return "";
  if (file !== "") return checkReadable("the playlist file", file, ` of ${path}`);
  const code = await problemOf(async () => {
    if (!(await stat(directory)).isDirectory()) throw new FileError("ENOTDIR");
    await access(directory, constants.R_OK | constants.X_OK);
  });
  return code === "" ? "" : `the playlist directory ${directory} of ${path}: ${reason(code)}`;
}

function recordingFolders({ recording }: MountConfig): string[] {
  return [...new Set(recording.map(({ directory }) => directory))];
}

/** It is made when it is missing. */
async function checkRecordings(directory: string): Promise<string> {
  const code = await problemOf(() => checkWritable(directory));
  return code === "" ? "" : `the recordings folder ${directory} cannot be written: ${reason(code)}`;
}

async function checkWritable(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw new FileError("ENOTDIR");
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    await checkWritable(dirname(folder));
  }
}

async function checkReadable(what: string, file: string, whose = ""): Promise<string> {
  const code = await problemOf(async () => {
    if (!(await stat(file)).isFile()) throw new FileError("EISDIR");
    await access(file, constants.R_OK);
  });
  const why = code === "ENOENT" ? "no such file" : reason(code);
  return code === "" ? "" : `${what} ${file}${whose}: ${why}`;
}

async function checkLog(name: string, file: string): Promise<string> {
  const code = await problemOf(async () => {
    if (await isFile(file)) await access(file, constants.W_OK);
    else await access(dirname(file), constants.W_OK | constants.X_OK);
  });
  return code === "" ? "" : `${name} ${file} cannot be written: ${reason(code)}`;
}

/** False if the file does not exist yet. */
async function isFile(file: string): Promise<boolean> {
  try {
    if ((await stat(file)).isDirectory()) throw new FileError("EISDIR");
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

class FileError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** The error code of a failed look, ETIMEDOUT if it takes too long, "" on success. */
async function problemOf(look: () => Promise<void>): Promise<string> {
  const late = Bun.sleep(PATIENCE_MS).then(() => {
    throw new FileError("ETIMEDOUT");
  });
  try {
    await Promise.race([look(), late]);
    return "";
  } catch (error) {
    return codeOf(error);
  } finally {
    late.catch(() => undefined);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function reason(code: string): string {
  return REASONS[code] ?? code;
}
