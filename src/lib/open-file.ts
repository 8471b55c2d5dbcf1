// A file open for reading at any position; covers files inside a packaged executable, which the system cannot open.

/** The parts of a FileHandle that reading needs. */
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

/** Opens files of one disk. Rejects with the file system's error. */
export interface Opener {
  open(path: string): Promise<OpenFile>;
}

/** A file inside the packaged executable. */
export function openInside(path: string): OpenFile {
  const file = Bun.file(path);
  return {
    // It never changes, so its date is constant.
    stat: async () => ({ isFile: () => true, size: file.size, mtimeMs: 0 }),
    async read(into, offset, length, position) {
      const bytes = await file.slice(position, position + length).bytes();
      into.set(bytes, offset);
      return { bytesRead: bytes.length };
    },
    close: () => Promise.resolve(),
  };
}

/** Fewer at the end of the file. Rejects with the file system's error. */
export async function bytesAt(file: OpenFile, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}
