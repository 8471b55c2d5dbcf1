// What a valid configuration names and this machine does not have: folders to play from, a file to write to.
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Config, MountConfig } from "./config.ts";

/** A share that hangs must not keep whoever asks. */
const PATIENCE_MS = 3000;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "this is no folder",
  EISDIR: "this is a folder",
  EACCES: "permission denied",
  EROFS: "the file system is read-only",
  ETIMEDOUT: `it does not answer within ${PATIENCE_MS / 1000} s`,
};

/** One sentence for each; nothing is written. Takes 3 s at most. */
export async function checkFolders({ mounts, advanced }: Config): Promise<string[]> {
  const checks = mounts.map(checkPlaylist);
  if (advanced.accessLog !== null) checks.push(checkAccessLog(advanced.accessLog));
  return (await Promise.all(checks)).filter((sentence) => sentence !== "");
}

async function checkPlaylist({ path, playlist }: MountConfig): Promise<string> {
  const { directory } = playlist;
  const code = await problemOf(async () => {
    if (!(await stat(directory)).isDirectory()) throw new FileError("ENOTDIR");
    await access(directory, constants.R_OK | constants.X_OK);
  });
  return code === "" ? "" : `the playlist directory ${directory} of ${path}: ${reason(code)}`;
}

async function checkAccessLog(file: string): Promise<string> {
  const code = await problemOf(async () => {
    if (await isFile(file)) await access(file, constants.W_OK);
    else await access(dirname(file), constants.W_OK | constants.X_OK);
  });
  return code === "" ? "" : `the access log ${file} cannot be written: ${reason(code)}`;
}

/** false when it is still to be made. */
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

/** The error code of what goes wrong, ETIMEDOUT when it takes too long; "" when it goes well. */
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
