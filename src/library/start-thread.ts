// Starts disk threads from their files in the checkout, or from entry points of the packaged executable.
import { join } from "node:path";
import { startThread, type Thread } from "../disk/thread.ts";
import { isPackaged } from "../lib/shipped.ts";

/** For a disk with music. */
export function startDiskThread(): Thread {
  return startThread(programAt("worker.ts"));
}

/** For a folder apart from the music: the catalogue's, or that of the converted tracks. */
export function startCatalogueThread(): Thread {
  return startThread(programAt("catalogue-worker.ts"));
}

function programAt(name: string): string {
  return isPackaged ? `./library/${name}` : join(import.meta.dir, name);
}
