// All calls that a disk thread answers.
import type { Call, FileCall } from "../disk/call.ts";
import { performFileCall } from "../disk/file-calls.ts";
import type { Perform } from "../disk/thread.ts";
import { Libraries } from "./libraries.ts";
import type { LibraryCall } from "./state.ts";

/** `random` returns 0 <= x < 1. */
export function createPerform(random: () => number = Math.random): Perform {
  const libraries = new Libraries(random);
  return (call: Call, shared) =>
    isLibraryCall(call) ? libraries.perform(call) : performFileCall(call as FileCall, shared);
}

function isLibraryCall(call: Call): call is LibraryCall {
  return "choice" in call;
}
