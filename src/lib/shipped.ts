// Where the files are that come with the program: beside src/ in a checkout, inside of a packaged executable.
import { join } from "node:path";

/** What Bun calls the files inside of an executable; nothing but Bun itself can open them. */
const INSIDE = "/$bunfs/";

export const isPackaged = Bun.main.startsWith(INSIDE);

// The bundle is one file at the top of what is inside.
const ROOT = isPackaged ? import.meta.dir : join(import.meta.dir, "..", "..");

/** The path of a file or folder of the project that ships with the program. */
export function shipped(path: string): string {
  return join(ROOT, path);
}

/** True when only Bun can open it, not the system. */
export function isInside(path: string): boolean {
  return path.startsWith(INSIDE);
}
