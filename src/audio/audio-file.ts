// A file to be decoded, read in small pieces: the size of the pieces bounds the memory of every decoder.
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { systemPath } from "../lib/path-text.ts";
import { AudioError } from "./pcm.ts";

/** Larger pieces make decoders return more at once: memory rises to hundreds of MiB. */
export const CHUNK_BYTES = 8192;

export class AudioFile implements Disposable {
  readonly size: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly mtimeMs: number;
  /** Bytes behind the last one that chunks() returned. */
  position = 0;

  private constructor(readonly fd: number) {
    const { size, mtimeMs } = fstatSync(fd);
    this.size = size;
    this.mtimeMs = mtimeMs;
  }

  /** Throws the file system's error, or AudioError for what is not a regular file or empty. */
  static open(path: string): AudioFile {
    // Without O_NONBLOCK, opening a FIFO would wait for its writer.
    const fd = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) throw new AudioError("it is not a file");
      if (stat.size === 0) throw new AudioError("it is empty");
      return new AudioFile(fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  /** May return fewer bytes than asked for. */
  read(at: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(this.fd, bytes, 0, length, at));
  }

  *chunks(from: number, to: number): Generator<Uint8Array> {
    for (let at = from; at < to;) {
      const chunk = this.read(at, Math.min(CHUNK_BYTES, to - at));
      if (chunk.length === 0) return;
      at += chunk.length;
      this.position = at;
      yield chunk;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}
