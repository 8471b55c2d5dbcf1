// The files of a playlist file, found in slices. Reads synchronously: for a disk thread only.
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { systemPath } from "../lib/path-text.ts";
import { isAddress, listedLocations, MAX_PLAYLIST_BYTES, pathsOf } from "./playlist-file.ts";

export class Listing {
  /** Listed files that are not there, addresses of streams included. */
  missing = 0;
  firstMissing = "";
  readonly #locations: readonly string[];
  #next = 0;

  /** Throws the file system's error. */
  constructor(readonly path: string) {
    this.#locations = listedLocations(path, readList(path));
  }

  /** Looks for `count` files; true when done. */
  take(count: number, found: (path: string) => void): boolean {
    const end = Math.min(this.#next + count, this.#locations.length);
    for (; this.#next < end; this.#next++) {
      const location = this.#locations[this.#next] ?? "";
      const path = isAddress(location) ? undefined : pathsOf(location, this.path).find(isThere);
      if (path !== undefined) found(path);
      else this.#miss(location);
    }
    return this.#next >= this.#locations.length;
  }

  #miss(location: string): void {
    if (this.missing++ === 0) this.firstMissing = location;
  }
}

/** The beginning of a file that is too long. */
function readList(path: string): Uint8Array {
  // Without O_NONBLOCK, opening a FIFO would wait for its writer.
  const fd = openSync(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    const bytes = new Uint8Array(stat.isFile() ? Math.min(stat.size, MAX_PLAYLIST_BYTES) : 0);
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** Directories are not listed: a file system's error means the same. */
function isThere(path: string): boolean {
  try {
    return statSync(systemPath(path), { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
