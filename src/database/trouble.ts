// Why a database cannot be used, in words.
const REASONS: Readonly<Record<string, string>> = {
  SQLITE_FULL: "the disk is full",
  SQLITE_IOERR_SHMSIZE: "the disk is full",
  SQLITE_READONLY: "it is read-only",
  SQLITE_CANTOPEN: "its file cannot be opened",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
  EACCES: "the station may not write there",
};

/** A sentence without its end. `error`: of SQLite or the file system, from the database's thread. */
export function databaseTrouble(error: unknown): string {
  const known = error instanceof Error ? error : null;
  const code = known !== null && "code" in known ? String(known.code) : "";
  const why = code || (known?.message ?? String(error));
  return REASONS[why] ?? why;
}
