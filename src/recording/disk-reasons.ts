// Why a disk takes nothing, in words.
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EIO: "the disk fails",
  ENOENT: "the folder has gone",
  ENOTDIR: "a file is in the folder's place",
  ESTALE: "the share has gone",
};

/** A sentence without its end; the system's code where there is none. */
export function reasonOf(code: string): string {
  return REASONS[code] ?? code;
}
