// Everything a disk thread can be asked.
import type { FileCall } from "../disk/call.ts";
import { performFileCall } from "../disk/file-calls.ts";
import type { Perform } from "../disk/thread.ts";

export function createPerform(): Perform {
  return (call, shared) => performFileCall(call as FileCall, shared);
}
