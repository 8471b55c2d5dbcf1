// Where the disk thread's program is: a file of the checkout, or an entry point of the packed executable.
import { join } from "node:path";
import { startThread, type Thread } from "../disk/thread.ts";
import { isPackaged } from "../lib/shipped.ts";

export function startDiskThread(): Thread {
  return startThread(isPackaged ? "./library/worker.ts" : join(import.meta.dir, "worker.ts"));
}
