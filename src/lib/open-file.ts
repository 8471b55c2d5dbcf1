// A file to read from any place in it, also one inside of a packaged executable, which the system cannot open.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { isInside } from "./shipped.ts";

/** What of a FileHandle it takes to read. */
export interface OpenFile {
  stat(): Promise<{ isFile(): boolean; readonly size: number; readonly mtimeMs: number }>;
  read(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  close(): Promise<void>;
}

/** Rejects with the file system's error. */
export function openFile(path: string): Promise<OpenFile> {
  // Without O_NONBLOCK opening a FIFO would wait for its writer.
  return isInside(path)
    ? Promise.resolve(openInside(path))
    : open(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

function openInside(path: string): OpenFile {
  const file = Bun.file(path);
  return {
    // It never changes, so one time is as good as another.
    stat: async () => ({ isFile: () => true, size: file.size, mtimeMs: 0 }),
    async read(into, offset, length, position) {
      const bytes = await file.slice(position, position + length).bytes();
      into.set(bytes, offset);
      return { bytesRead: bytes.length };
    },
    close: () => Promise.resolve(),
  };
}
