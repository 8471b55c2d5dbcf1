// Small files of the operator's, read whole by the disk's thread and only if they have changed.
import type { Log } from "../lib/log.ts";
import type { OpenFile } from "../lib/open-file.ts";
import { within } from "../lib/within.ts";
import { DiskError } from "./disk.ts";
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
  return async (path: string, known: FileText | null): Promise<FileText> => {
    const disk = disks.at(path, `${what} ${path}`, log);
    if (disk.silentSeconds > 0) throw new Error("it does not answer");
    const read = disk.open(path).then((file) => textOf(file, known, maxBytes));
    const found = await within(PATIENCE_MS, read).catch((error: unknown) => {
      throw new Error(reasonOf(error));
    });
    if (found === null) throw new Error("it does not answer");
    return found;
  };
}

/** Closes the file. */
async function textOf(file: OpenFile, known: FileText | null, maxBytes: number): Promise<FileText> {
  try {
    const { isFile, size, mtimeMs } = await file.stat();
    if (!isFile()) throw new DiskError("EISDIR", "not a file");
    if (size > maxBytes) throw new DiskError("EFBIG", "too large");
    const stamp = `${size} ${mtimeMs}`;
    if (stamp === known?.stamp) return known;
    const bytes = new Uint8Array(size);
    const { bytesRead } = await file.read(bytes, 0, size, 0);
    return { stamp, text: Buffer.from(bytes.subarray(0, bytesRead)).toString("utf8") };
  } finally {
    await file.close();
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof DiskError ? error.code : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
