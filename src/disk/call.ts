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
  /** Writes a whole file, complete and on disk or not at all; makes its folder. */
  | {
      readonly call: "replace";
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly mode: number;
    }
  | { readonly call: "rename"; readonly from: string; readonly to: string }
  /** Writes to an open descriptor; the reply is the number of bytes written. */
  | { readonly call: "write"; readonly fd: number; readonly bytes: Uint8Array };

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
