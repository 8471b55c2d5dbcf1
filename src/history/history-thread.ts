// Starts the history's thread from its file in the checkout, or from an entry point of the packaged executable.
import { join } from "node:path";
import { startThread, type Thread } from "../disk/thread.ts";
import { isPackaged } from "../lib/shipped.ts";

const PROGRAM = "history-worker.ts";

export function startHistoryThread(): Thread {
  return startThread(isPackaged ? `./history/${PROGRAM}` : join(import.meta.dir, PROGRAM));
}
