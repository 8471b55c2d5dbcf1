// The calls that the thread of a disk with music answers.
import type { Perform } from "../disk/answer-calls.ts";
import type { Call, FileCall } from "../disk/call.ts";
import { collector } from "../disk/collector.ts";
import { performFileCall } from "../disk/file-calls.ts";
import { Libraries } from "./libraries.ts";
import type { FindCall, LibraryCall, SearchCall } from "./state.ts";

const performFile: Perform = (call, shared) => performFileCall(call as FileCall, shared);

/** `random` returns 0 <= x < 1. `others`: answers calls that are not about a library. */
export function createPerform(random: () => number = Math.random, others = performFile): Perform {
  const libraries = new Libraries(random);
  const collect = collector();
  return (call: Call, shared) => {
    if (!isLibraryCall(call)) return others(call, shared);
    collect();
    if (call.call === "search") return libraries.search(call as SearchCall);
    if (call.call === "find") return libraries.find(call as FindCall);
    return libraries.perform(call as LibraryCall);
  };
}

function isLibraryCall(call: Call): boolean {
  return "choice" in call;
}
