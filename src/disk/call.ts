// What a disk thread is asked and how it answers. A file descriptor belongs to the process: any thread may use it.

/** A request by its name, with arguments that can be copied between threads. */
export interface Call {
  readonly call: string;
}

export type FileCall =
  | { readonly call: "open"; readonly path: string }
  | { readonly call: "stat"; readonly fd: number }
  /** Into the thread's shared bytes; the answer is their number. */
  | {
      readonly call: "read";
      readonly fd: number;
      readonly length: number;
      readonly position: number;
    }
  | { readonly call: "close"; readonly fd: number }
  /** The answer is how many bytes the file took. */
  | {
      readonly call: "append";
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly mode: number;
    };

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

/** Bytes that one read brings at most. */
export const SHARED_BYTES = 65_536;

export function failure(error: unknown): Reply {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return { code, message: error instanceof Error ? error.message : String(error) };
}
