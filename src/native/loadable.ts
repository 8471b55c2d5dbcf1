// A path for the core library that the system's loader accepts, even inside a packaged executable.
import { dlopen } from "bun:ffi";
import { closeSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { isInside } from "../lib/shipped.ts";

const MFD_CLOEXEC = 1;

/** musl uses this name for itself too. */
const LIBC = "libc.so.6";

/** Calls `load` with a loadable path, valid for this call only. From inside an executable the library goes into
 * an in-memory file, so that no folder has to be writable or allow executables; if the system lacks those, into
 * a temporary file. Throws what `load` throws. */
export function loadable<T>(path: string, load: (path: string) => T): T {
  if (!isInside(path)) return load(path);
  const library = readFileSync(path);
  try {
    return throughMemory(library, load);
  } catch {
    return throughFile(basename(path), library, load);
  }
}

export function throughMemory<T>(library: Uint8Array, load: (path: string) => T): T {
  const file = memoryFile();
  try {
    writeFileSync(file, library);
    return load(`/proc/self/fd/${file}`);
  } finally {
    closeSync(file);
  }
}

/** The descriptor of an anonymous in-memory file. Throws if the system has none. */
function memoryFile(): number {
  const { symbols, close } = dlopen(LIBC, {
    memfd_create: { args: ["ptr", "u32"], returns: "i32" },
  });
  const file = symbols.memfd_create(Buffer.from("radiocore\0"), MFD_CLOEXEC);
  close();
  if (file < 0) throw new Error("memfd_create failed");
  return file;
}

export function throughFile<T>(name: string, library: Uint8Array, load: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "cycast-"));
  try {
    const path = join(folder, name);
    writeFileSync(path, library);
    return load(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
