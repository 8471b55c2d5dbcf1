// Starts disk threads from their files in the checkout, or from entry points of the packaged executable.
import { join } from "node:path";
import { startThread, type Thread } from "../disk/thread.ts";
import { isPackaged } from "../lib/shipped.ts";

const [MUSIC, CATALOGUE] = ["worker.ts", "catalogue-worker.ts"];

/** Threads that nobody has taken yet, by program. */
const prepared = new Map<string, Thread>();

/** Starts a thread of each kind, to load while the station waits for its configuration. */
export function prepareThreads(): void {
  for (const name of [MUSIC, CATALOGUE]) {
    const thread = startThread(programAt(name));
    // A reply without a call: it is broken.
    thread.onReply = () => void prepared.delete(name);
    prepared.set(name, thread);
  }
}

/** Ends the threads that are not needed. */
export function endPreparedThreads(): void {
  for (const thread of prepared.values()) thread.close();
  prepared.clear();
}

/** For a disk with music. */
export function startDiskThread(): Thread {
  return take(MUSIC);
}

/** For a folder apart from the music: the catalogue's, or that of the converted tracks. */
export function startCatalogueThread(): Thread {
  return take(CATALOGUE);
}

function take(name: string): Thread {
  const thread = prepared.get(name) ?? startThread(programAt(name));
  prepared.delete(name);
  return thread;
}

function programAt(name: string): string {
  return isPackaged ? `./library/${name}` : join(import.meta.dir, name);
}
