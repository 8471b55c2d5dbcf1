// The calls that the thread of a disk with music answers.
import type { Perform } from "../disk/answer-calls.ts";
import type { Call, FileCall } from "../disk/call.ts";
import { collector } from "../disk/collector.ts";
import { performFileCall } from "../disk/file-calls.ts";
import { Libraries } from "./libraries.ts";
import type { FindCall, LibraryCall, LibraryReply, SearchCall } from "./state.ts";

const MANY_FILES = 1000;

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
    return collected(libraries.perform(call as LibraryCall), call);
  };
}

/** A scan of many files leaves more garbage than all calls until the next one. */
async function collected(reply: Promise<LibraryReply>, { call }: Call): Promise<LibraryReply> {
  const { isDone, state } = await reply;
  const isScan = call === "look" && isDone;
  if (isScan && (state?.progress.files ?? 0) >= MANY_FILES) Bun.gc(true);
  return reply;
}

function isLibraryCall(call: Call): boolean {
  return "choice" in call;
}
