// Locates files that ship with the program: beside src/ in a checkout, inside a packaged executable.
import { join } from "node:path";

/** Bun's prefix for files inside an executable; only Bun itself can open them. */
const INSIDE = "/$bunfs/";

export const isPackaged = Bun.main.startsWith(INSIDE);

// The bundle is one file at the top of the embedded files.
const ROOT = isPackaged ? import.meta.dir : join(import.meta.dir, "..", "..");

/** The path of a file or folder that ships with the program. */
export function shipped(path: string): string {
  return join(ROOT, path);
}

/** True if only Bun can open it, not the system. */
export function isInside(path: string): boolean {
  return path.startsWith(INSIDE);
}
