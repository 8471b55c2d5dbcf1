// Starts the disk thread from its file in the checkout, or from an entry point of the packaged executable.
import { join } from "node:path";
import { startThread, type Thread } from "../disk/thread.ts";
import { isPackaged } from "../lib/shipped.ts";

export function startDiskThread(): Thread {
  return startThread(isPackaged ? "./library/worker.ts" : join(import.meta.dir, "worker.ts"));
}
