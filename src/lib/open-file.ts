// A file to read from any place in it: what it takes to be one, and those inside of a packaged executable, which the
// system cannot open.

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

/** Opens files of one disk. Rejects with the file system's error. */
export interface Opener {
  open(path: string): Promise<OpenFile>;
}

/** A file that lies inside of the packaged executable. */
export function openInside(path: string): OpenFile {
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
