// Writes a file beside its place, and puts it there complete and on disk: a crash leaves the old one or none.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeRoom, PART } from "./make-room.ts";

/** The limit is looked at again after so many bytes. */
const STRIDE_BYTES = 8 << 20;

/** The cache cannot be written; no fault of the track. */
export class CacheError extends Error {
  override readonly name = "CacheError";

  constructor(readonly code: string) {
    super(`the cache cannot be written (${code})`);
  }
}

/** One track is larger than the whole cache may be. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

export class OutputFile implements Disposable {
  readonly #part: string;
  readonly #fd: number;
  #size: number;
  #checked = 0;
  #isOpen = true;

  /** `startBytes` are left free for finish(). Throws CacheError. */
  constructor(
    private readonly path: string,
    private readonly startBytes: number,
    private readonly limitBytes: number,
  ) {
    this.#part = path + PART;
    this.#size = startBytes;
    this.#fd = attempt(() => {
      mkdirSync(dirname(path), { recursive: true });
      makeRoom(dirname(path), 0, limitBytes, this.#part);
      return openSync(this.#part, "w", 0o644);
    });
  }

  /** Throws CacheError or TooLargeError. */
  write(bytes: Uint8Array): void {
    if (this.#size + bytes.length > this.limitBytes)
      throw new TooLargeError("it needs more than library.cache_gb");
    this.#writeAt(bytes, this.#size);
    this.#size += bytes.length;
    if (this.#size < this.#checked + STRIDE_BYTES) return;
    this.#checked = this.#size;
    attempt(() => makeRoom(dirname(this.path), this.#size, this.limitBytes, this.#part));
  }

  /** `start`: the bytes that were left free. Throws CacheError. */
  finish(start: Uint8Array): void {
    this.#writeAt(start.subarray(0, this.startBytes), 0);
    attempt(() => {
      makeRoom(dirname(this.path), this.#size, this.limitBytes, this.#part);
      fsyncSync(this.#fd);
      this.#close();
      renameSync(this.#part, this.path);
      syncFolder(dirname(this.path));
    });
  }

  /** Removes what was not finished. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#close();
    rmSync(this.#part, { force: true });
  }

  #close(): void {
    this.#isOpen = false;
    closeSync(this.#fd);
  }

  #writeAt(bytes: Uint8Array, at: number): void {
    attempt(() => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(this.#fd, bytes, done, bytes.length - done, at + done);
      }
    });
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new CacheError(error instanceof Error && "code" in error ? String(error.code) : "");
  }
}
