// Reads a configuration file as text, bounded, even if the name is a device or a pipe.
import { type FileHandle, open } from "node:fs/promises";
import { ConfigError, fileProblem } from "./problem.ts";

const MAX_BYTES = 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "this is a folder",
  EACCES: "permission denied",
};

/** Rejects with ConfigError if the file cannot be read, exceeds 1 MiB or is not UTF-8. A byte order mark is
 * dropped. */
export async function readConfigFile(file: string): Promise<string> {
  const bytes = await readBytes(file);
  if (bytes.length > MAX_BYTES) throw unreadable(file, "this file is over 1 MiB");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(file, "this file is not UTF-8 text");
  }
}

function unreadable(file: string, message: string): ConfigError {
  return new ConfigError([fileProblem(file, message, "a configuration file")]);
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    await using handle = await open(file, "r");
    return await readUpTo(handle, MAX_BYTES + 1);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw unreadable(file, REASONS[code] ?? `this file cannot be read (${code})`);
  }
}

async function readUpTo(handle: FileHandle, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await handle.read(bytes, length, limit - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
