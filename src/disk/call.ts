// Calls to a disk thread and its replies. File descriptors belong to the process: any thread may use them.

/** A call: its name, with arguments that can be copied between threads. */
export interface Call {
  readonly call: string;
}

export type FileCall =
  | { readonly call: "open"; readonly path: string }
  | { readonly call: "stat"; readonly fd: number }
  /** Reads into the thread's shared bytes; the reply is their number. */
  | {
      readonly call: "read";
      readonly fd: number;
      readonly length: number;
      readonly position: number;
    }
  | { readonly call: "close"; readonly fd: number }
  /** Sets the file's date. */
  | { readonly call: "touch"; readonly path: string }
  /** The reply is the number of bytes written. */
  | {
      readonly call: "append";
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly mode: number;
    }
  /** Writes a whole file, complete and on disk or not at all; makes its folder. `isQuick`: it outlasts the process, but a power
   * cut may leave a damaged one. */
  | {
      readonly call: "replace";
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly mode: number;
      readonly isQuick?: boolean;
    }
  | { readonly call: "rename"; readonly from: string; readonly to: string }
  /** Writes to an open descriptor; the reply is the number of bytes written. */
  | { readonly call: "write"; readonly fd: number; readonly bytes: Uint8Array }
  | KeptCall;

/** Calls for files that are written over hours, and for the folder that they are in. */
export type KeptCall =
  /** Makes a new file with `ending` behind its name, and its folder; fails with EEXIST if there is one with or without
   * it. The reply is its descriptor. */
  | {
      readonly call: "create";
      readonly path: string;
      readonly ending: string;
      readonly mode: number;
    }
  /** Opens a file for reading and writing; the reply is an OpenedFile. */
  | { readonly call: "edit"; readonly path: string }
  /** Writes at a position, until the disk takes no more; the reply is the number of bytes written. */
  | {
      readonly call: "writeAt";
      readonly fd: number;
      readonly bytes: Uint8Array;
      readonly position: number;
    }
  /** Resolves when the file's content is on disk. */
  | { readonly call: "sync"; readonly fd: number }
  | { readonly call: "truncate"; readonly fd: number; readonly size: number }
  /** Renames, and resolves when the folder is on disk. */
  | { readonly call: "settle"; readonly from: string; readonly to: string }
  /** Deletes files, those that are there, and folders that it leaves empty, if they are below `upTo`. */
  | { readonly call: "remove"; readonly paths: readonly string[]; readonly upTo: string }
  /** Whether there is no file of this name. */
  | { readonly call: "isFree"; readonly path: string }
  /** A second name for a file, or a copy on another disk; makes its folder. Fails with EEXIST. */
  | { readonly call: "link"; readonly from: string; readonly to: string }
  /** The files below a folder with one of these endings, at most `max`: the reply is a list of FoundFile. */
  | {
      readonly call: "find";
      readonly path: string;
      readonly endings: readonly string[];
      readonly max: number;
    }
  /** Reads JSON files of at most `maxBytes`: the reply is a list of objects with these keys only, or all, null for what cannot
   * be read. */
  | {
      readonly call: "documents";
      readonly paths: readonly string[];
      readonly keys: readonly string[];
      readonly maxBytes: number;
    }
  /** The reply is a DiskRoom. */
  | { readonly call: "space"; readonly path: string };

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

export interface DiskRoom {
  /** What this user may still use, and all of it. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface FileStat {
  readonly isFile: boolean;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, by the file system's clock. */
  readonly mtimeMs: number;
}

export interface OpenedFile extends FileStat {
  readonly fd: number;
}

export type Reply =
  | { readonly value: unknown }
  /** The system's code, such as ENOENT, or "". */
  | { readonly code: string; readonly message: string };

/** Limit of one read, in bytes. */
export const SHARED_BYTES = 65_536;

export function failure(error: unknown): Reply {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return { code, message: error instanceof Error ? error.message : String(error) };
}
