// Small files of the operator's, read whole by the disk's thread and only if they have changed.
import type { Log } from "../lib/log.ts";
import type { OpenFile } from "../lib/open-file.ts";
import { within } from "../lib/within.ts";
import { type Disk, DiskError } from "./disk.ts";
import type { Disks } from "./disks.ts";

/** A share that hangs must not hold up a login, a start or a reload. */
const PATIENCE_MS = 5000;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "not a file",
  EACCES: "permission denied",
  EFBIG: "too large",
};

export interface FileText {
  /** Changes with the file. */
  readonly stamp: string;
  readonly text: string;
}

/** Returns a reader of files of at most `maxBytes`: `known` as it is if the file has not changed since. It rejects with a
 * sentence without its end. */
export function textReader(disks: Disks, what: string, maxBytes: number, log: Log) {
  return (path: string, known: FileText | null): Promise<FileText> =>
    patiently(disks.at(path, `${what} ${path}`, log), path, (file) =>
      textOf(file, known, maxBytes),
    );
}

async function patiently<T>(disk: Disk, path: string, use: (file: OpenFile) => Promise<T>) {
  if (disk.silentSeconds > 0) throw new Error("it does not answer");
  const found = await within(PATIENCE_MS, disk.open(path).then(use)).catch((error: unknown) => {
    throw new Error(reasonOf(error));
  });
  if (found === null) throw new Error("it does not answer");
  return found;
}

/** The same of one file's bytes, every time. */
export function bytesReader(disks: Disks, what: string, log: Log) {
  return (path: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> =>
    patiently(disks.at(path, `${what} ${path}`, log), path, (file) => bytesOf(file, maxBytes));
}

/** Closes the file. */
async function textOf(file: OpenFile, known: FileText | null, maxBytes: number): Promise<FileText> {
  try {
    const { size, mtimeMs } = await statOf(file, maxBytes);
    const stamp = `${size} ${mtimeMs}`;
    if (stamp === known?.stamp) return known;
    return { stamp, text: Buffer.from(await allOf(file, size)).toString("utf8") };
  } finally {
    await file.close();
  }
}

/** Closes the file. */
async function bytesOf(file: OpenFile, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await allOf(file, (await statOf(file, maxBytes)).size);
  } finally {
    await file.close();
  }
}

async function statOf(file: OpenFile, maxBytes: number) {
  const stat = await file.stat();
  if (!stat.isFile()) throw new DiskError("EISDIR", "not a file");
  if (stat.size > maxBytes) throw new DiskError("EFBIG", "too large");
  return stat;
}

async function allOf(file: OpenFile, size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  const { bytesRead } = await file.read(bytes, 0, size, 0);
  return bytes.subarray(0, bytesRead);
}

function reasonOf(error: unknown): string {
  const code = error instanceof DiskError ? error.code : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
